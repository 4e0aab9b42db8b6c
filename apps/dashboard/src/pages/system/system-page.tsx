import type { SystemView } from '@ghostpost/delivery/contract/system'
import { Empty } from '../../ui/empty.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Section } from '../../ui/section.tsx'
import { Badge } from '../../ui/status.tsx'
import { cell, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { HeldNotice } from './held-notice.tsx'
import { QueueUnavailableNotice } from './queue-unavailable-notice.tsx'
import { DatabaseFacts, QueueStoreFacts } from './store-facts.tsx'
import { useSystem } from './use-system.ts'

const head = [
  { label: 'Worker' },
  { label: 'Version' },
  { label: 'Concurrency per lane', numeric: true },
  { label: 'Started' },
  { label: 'Last seen' },
]

/** The state of the stores and of the workers. */
export function SystemPage() {
  const system = useSystem()
  return (
    <Loaded query={system} title="System">
      {(data) => <System system={data} />}
    </Loaded>
  )
}

function System({ system }: { system: SystemView }) {
  const { version, checks, stores, workers } = system
  const isMixed = workers.some(({ other_version: other }) => other)
  return (
    <>
      <PageHead title="System" above={`All sites together · version ${version}`} />
      {isMixed && (
        <Notice tone="warn">The processes run different versions. This is normal during an update.</Notice>
      )}
      <HeldNotice system={system} />
      <QueueUnavailableNotice system={system} />
      <Section title="Postgres">
        <DatabaseFacts check={checks.database} store={stores.database} />
      </Section>
      <Section title="Queue">
        <QueueStoreFacts check={checks.queue} store={stores.queue} />
      </Section>
      <Section title="Workers">
        {workers.length === 0 ? (
          <Empty title="No worker is running">
            <p>Exports are stored and wait. Start a worker: node apps/worker/src/main.ts</p>
          </Empty>
        ) : (
          <Table caption="Running workers" head={head}>
            {workers.map((worker) => (
              <tr key={worker.id}>
                <th scope="row">
                  <WorkerName worker={worker} />
                </th>
                <td>
                  {worker.version}{' '}
                  {worker.other_version && <Badge tone="warn" icon="warn" text="other version" />}
                </td>
                <td className={cell.numeric}>{worker.concurrency}</td>
                <td>
                  <Time at={worker.started_at} />
                </td>
                <td>
                  <Time at={worker.seen_at} distance="only" />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Section>
    </>
  )
}

/** The API names the machine only to admins of every site. */
function WorkerName({ worker: { host, id } }: { worker: SystemView['workers'][number] }) {
  const shortId = <code>{id.slice(0, 13)}…</code>
  if (host === null) return shortId
  return (
    <>
      {host}
      <span className={cell.sub}>{shortId}</span>
    </>
  )
}
