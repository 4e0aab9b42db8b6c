import type { SystemView } from '@ghostpost/delivery/contract'
import { Empty } from '../../ui/empty.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Badge } from '../../ui/status.tsx'
import { cell, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useSystem } from './use-system.ts'

const head = [
  { label: 'Worker' },
  { label: 'Version' },
  { label: 'At once, in each lane', numeric: true },
  { label: 'Started' },
  { label: 'Last seen' },
]

/** The stores and the workers. */
export function SystemPage() {
  const system = useSystem()
  return (
    <Loaded query={system} title="System">
      {(data) => <System system={data} />}
    </Loaded>
  )
}

function System({ system }: { system: SystemView }) {
  const { version, checks, workers } = system
  const isMixed = workers.some(({ other_version: other }) => other)
  return (
    <>
      <PageHead title="System" above="All sites together" />
      {isMixed && (
        <Notice tone="warn">
          Not all processes run the same version. During an update that is as it should be.
        </Notice>
      )}
      <Facts>
        <Facts.Row name="Version of the API">{version}</Facts.Row>
        <Facts.Row name="Postgres, which keeps everything">
          <Check said={checks.database} />
        </Facts.Row>
        <Facts.Row name="Queue">
          <Check said={checks.queue} />
        </Facts.Row>
      </Facts>
      <h2>Workers</h2>
      {workers.length === 0 ? (
        <Empty title="No worker is running">
          <p>Exports are stored and wait. Start one: node apps/worker/src/main.ts</p>
        </Empty>
      ) : (
        <Table caption="Workers" head={head}>
          {workers.map((worker) => (
            <tr key={worker.id}>
              <th scope="row">
                {worker.host}
                <br />
                <code className={cell.soft}>{worker.id.slice(0, 13)}…</code>
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
    </>
  )
}

const sentences: Readonly<Record<string, string>> = {
  down: 'does not answer',
  full: 'is full: it takes nothing more',
  read_only: 'is read-only: it takes nothing',
  partial: 'answers in part: some of its nodes are away',
  evicting: 'may throw jobs away: set maxmemory-policy to noeviction',
}

function Check({ said }: { said: string }) {
  if (said === 'ok') return <Badge tone="good" icon="check" text="In order" />
  return <Badge tone="bad" icon="bad" text={sentences[said] ?? said} />
}
