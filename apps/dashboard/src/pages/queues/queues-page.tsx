import type { SystemView } from '@ghostpost/delivery/contract'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Badge } from '../../ui/status.tsx'
import { cell, Table } from '../../ui/table.tsx'
import { tellDuration } from '../../ui/tell-time.ts'
import { Time } from '../../ui/time.tsx'
import { tellNumber } from '../deliveries/tell-count.ts'
import { useSystem } from '../system/use-system.ts'
import { LaneActions } from './lane-actions.tsx'
import { RetriesDue } from './retries-due.tsx'

type Lane = NonNullable<SystemView['lanes']>[number]

const head = [
  { label: 'Lane' },
  { label: 'State' },
  { label: 'Waiting', numeric: true },
  { label: 'Under way', numeric: true },
  { label: 'Delayed', numeric: true },
  { label: 'Actions', hidden: true },
]

const means: Readonly<Record<Lane['lane'], string>> = {
  live: 'first attempts of single exports',
  retry: 'everything that is tried again',
  bulk: 'what belongs to operations',
}

/** What waits, of all sites together, and the switch for each lane. */
export function QueuesPage() {
  const system = useSystem()
  return (
    <Loaded query={system} title="Queues">
      {(data) => <Queues system={data} />}
    </Loaded>
  )
}

function Queues({ system }: { system: SystemView }) {
  const { lanes, backlog, workers } = system
  return (
    <>
      <PageHead title="Queues" above="All sites together" />
      {workers.length === 0 && (
        <Notice tone="bad">No worker is running, so nothing is sent. What waits is kept; start one.</Notice>
      )}
      {lanes === null ? (
        <Notice tone="warn">
          The queue does not answer. Exports are stored and go on by themselves once it is back; how much
          stands in it is not known now.
        </Notice>
      ) : (
        <Table caption="Lanes" head={head}>
          {lanes.map((lane) => (
            <LaneRow key={lane.lane} lane={lane} mayPause={system.may_pause} />
          ))}
        </Table>
      )}
      <h2>Backlog</h2>
      <Facts>
        <Facts.Row name="Due now">
          {tellNumber(backlog.due)}
          {backlog.capped && ' or more'}
        </Facts.Row>
        <Facts.Row name="Oldest wait">
          {backlog.oldest_due_seconds === null
            ? 'nothing waits'
            : tellDuration(backlog.oldest_due_seconds * 1_000)}
        </Facts.Row>
      </Facts>
      <h2>Retries to come</h2>
      <RetriesDue retries={backlog.retries} />
    </>
  )
}

function LaneRow({ lane, mayPause }: { lane: Lane; mayPause: boolean }) {
  const { lane: name, waiting, active, delayed, paused } = lane
  return (
    <tr>
      <th scope="row">
        {name}
        <br />
        <span className={cell.soft}>{means[name]}</span>
      </th>
      <td>
        {paused ? (
          <>
            <Badge tone="warn" icon="pause" text="Held" />
            <br />
            <span className={cell.soft}>
              {paused.reason} · {paused.by ?? 'somebody'}, <Time at={paused.at} distance="only" />
            </span>
          </>
        ) : (
          <Badge tone="good" icon="check" text="Running" />
        )}
      </td>
      <td className={cell.numeric}>{tellNumber(waiting)}</td>
      <td className={cell.numeric}>{tellNumber(active)}</td>
      <td className={cell.numeric}>{tellNumber(delayed)}</td>
      <td className={cell.numeric}>
        <LaneActions lane={name} isHeld={paused !== null} mayPause={mayPause} />
      </td>
    </tr>
  )
}
