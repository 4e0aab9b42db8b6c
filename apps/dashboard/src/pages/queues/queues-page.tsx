import type { LaneBacklog, SystemView } from '@ghostpost/delivery/contract/system'
import { Link } from '@tanstack/react-router'
import { buttonClass } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Section } from '../../ui/section.tsx'
import { Badge } from '../../ui/status.tsx'
import { cell, Table } from '../../ui/table.tsx'
import { formatDuration } from '../../ui/format-time.ts'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { formatLane } from '../overview/format-drain.ts'
import { HeldNotice } from '../system/held-notice.tsx'
import { QueueUnavailableNotice } from '../system/queue-unavailable-notice.tsx'
import { QueueStoreFacts } from '../system/store-facts.tsx'
import { scopeNames, useSystem } from '../system/use-system.ts'
import { ComingDue } from './coming-due.tsx'
import { HeldReceivers } from './held-receivers.tsx'
import { LaneActions } from './lane-actions.tsx'

type Lane = NonNullable<SystemView['lanes']>[number]

const jobColumns = [
  { label: 'Jobs waiting', numeric: true },
  { label: 'Active', numeric: true },
  { label: 'Delayed', numeric: true },
  { label: 'Failed', numeric: true },
]

/** The API tells the numbers of jobs only to those who may see all sites. */
const headOf = ({ scope }: SystemView) => [
  { label: 'Lane' },
  { label: 'State' },
  { label: 'Due', numeric: true },
  { label: 'Oldest wait', numeric: true },
  { label: 'Held by receivers', numeric: true },
  ...(scope === 'all_sites' ? jobColumns : []),
  { label: 'Attempts per minute', numeric: true },
  { label: 'Empty in' },
  { label: 'Actions', hidden: true },
]

const laneDescriptions: Readonly<Record<Lane['lane'], string>> = {
  live: 'first attempts of exports',
  retry: 'retries',
  bulk: 'deliveries of operations',
}

/** The backlog of the sites the user may see, and pause and resume for each lane. */
export function QueuesPage() {
  const system = useSystem()
  return (
    <Loaded query={system} title="Queues">
      {(data) => <Queues system={data} />}
    </Loaded>
  )
}

function Queues({ system }: { system: SystemView }) {
  const { backlog, workers } = system
  return (
    <>
      <PageHead title="Queues" above={scopeNames[system.scope]}>
        <RawQueues system={system} />
      </PageHead>
      {workers.length === 0 && (
        <Notice tone="bad">
          No worker is running, so nothing is sent. Deliveries are stored; start a worker.
        </Notice>
      )}
      <HeldNotice system={system} />
      <QueueUnavailableNotice system={system} />
      <Table caption="Lanes" head={headOf(system)}>
        {backlog.lanes.map((lane) => (
          <LaneRow key={lane.lane} backlog={lane} system={system} />
        ))}
      </Table>
      <p className={cell.soft}>{formatWorkers(workers)}</p>
      <HeldReceivers held={backlog.held_receivers} />
      <Section
        title="Coming due"
        tools={
          <Link
            to="/deliveries"
            search={{ status: 'queued,retrying', due: '1h', sort: 'next_attempt' }}
            className={buttonClass()}
          >
            Due in the next hour
          </Link>
        }
      >
        <ComingDue lanes={backlog.lanes} />
        {backlog.capped && (
          <p className={cell.soft}>The counts are incomplete: the backlog is larger than what was counted.</p>
        )}
      </Section>
      <Section title="Queue store">
        <QueueStoreFacts check={system.checks.queue} store={system.stores.queue} />
      </Section>
    </>
  )
}

/** Link to the raw queues; an installation setting enables it. */
function RawQueues({ system: { raw_queues: path, may_pause: isAdmin } }: { system: SystemView }) {
  if (path === null || !isAdmin) return null
  return (
    <a href={path} className={buttonClass()}>
      Raw queues (read-only)
    </a>
  )
}

function formatWorkers(workers: SystemView['workers']): string {
  if (workers.length === 0) return ''
  const concurrencyTotal = workers.reduce((sum, { concurrency }) => sum + concurrency, 0)
  const subject = workers.length === 1 ? 'One worker takes' : `${workers.length} workers take`
  return `${subject} jobs from all lanes, ${formatNumber(concurrencyTotal)} concurrently per lane.`
}

function LaneRow({ backlog, system }: { backlog: LaneBacklog; system: SystemView }) {
  const { lane: name, oldest_due_seconds: oldest, attempts_per_minute: pace, draining, held } = backlog
  const lane = system.lanes?.find((one) => one.lane === name)
  const isStuck = draining.state !== 'idle' && draining.state !== 'draining'
  return (
    <tr>
      <th scope="row">
        {name}
        <span className={cell.sub}>{laneDescriptions[name]}</span>
      </th>
      <td>
        <LaneState lane={lane} />
      </td>
      <LinkedCount number={backlog.due} lane={name} wait="due" />
      <td className={cell.numeric}>{oldest === null ? '–' : formatDuration(oldest * 1_000)}</td>
      <LinkedCount number={backlog.held_by_receiver} lane={name} wait="held" />
      {system.scope === 'all_sites' && <JobCounts lane={lane} />}
      <td className={cell.numeric}>{pace === 0 ? '–' : formatNumber(Math.round(pace * 10) / 10)}</td>
      <td>
        {isStuck ? <Badge tone="warn" icon="warn" text={formatLane(backlog)} /> : formatLane(backlog)}
        {held > 0 && (
          <span className={cell.sub}>
            <Link to="/deliveries" search={{ lane: name, wait: 'paused' }}>
              {formatNumber(held)} more are paused
            </Link>{' '}
            with their destination or operation
          </span>
        )}
      </td>
      <td className={cell.numeric}>
        <LaneActions lane={name} isPaused={Boolean(lane?.paused)} mayPause={system.may_pause} />
      </td>
    </tr>
  )
}

/** A number of deliveries, with a link to them. */
function LinkedCount(props: { number: number; lane: Lane['lane']; wait: 'due' | 'held' }) {
  const { number, lane, wait } = props
  return (
    <td className={cell.numeric}>
      {number === 0 ? (
        <span className={cell.soft}>0</span>
      ) : (
        <Link to="/deliveries" search={{ lane, wait }}>
          {formatNumber(number)}
        </Link>
      )}
    </td>
  )
}

function JobCounts({ lane }: { lane: Lane | undefined }) {
  return (
    <>
      <Count number={lane?.waiting} />
      <Count number={lane?.active} />
      <Count number={lane?.delayed} />
      <Count number={lane?.failed} />
    </>
  )
}

function LaneState({ lane }: { lane: Lane | undefined }) {
  if (!lane) return <Badge tone="idle" icon="info" text="Unknown" />
  if (!lane.paused) return <Badge tone="good" icon="check" text="Running" />
  const { reason, by, at } = lane.paused
  return (
    <>
      <Badge tone="warn" icon="pause" text="Paused" />
      <span className={cell.sub}>
        {reason} · {by ?? 'somebody'}, <Time at={at} distance="only" />
      </span>
    </>
  )
}

function Count({ number }: { number: number | null | undefined }) {
  return (
    <td className={cell.numeric}>
      {number ? formatNumber(number) : <span className={cell.soft}>{number ?? '–'}</span>}
    </td>
  )
}
