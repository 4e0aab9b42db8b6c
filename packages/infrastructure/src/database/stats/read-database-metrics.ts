import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { heartbeatTimeoutMs } from '../upkeep/worker-heartbeat.ts'

/** What waits in all sites, in numbers that cost next to nothing to read however much that is. */
export interface DatabaseMetrics {
  /** How long the delivery that has waited longest has been due; 0 when none is. */
  oldestDueSeconds: Record<Lane, number>
  /** Retries by when they are due; the soonest `retriesCountedMax` of them. */
  retriesDue: Record<RetryWindow, number>
  /** How long ago the sweeper should have rung for what waits longest for it. */
  outboxLagSeconds: number
  operations: Record<'running' | 'paused', number>
  /** Members of those: begun and not settled, and yet to be begun. */
  operationItemsLeft: Record<'begun' | 'to_come', number>
  /** 1 for a lane that somebody holds. */
  lanesPaused: Record<Lane, 0 | 1>
  workers: number
}

export const retryWindows = ['now', '1m', '10m', '1h', 'later'] as const

type RetryWindow = (typeof retryWindows)[number]

const retriesCountedMax = 10_000
/** So many of a lane are looked at to find one that may go; the others are for paused destinations and operations. */
const scanMax = 10_000

/** `laneOf` (packages/delivery), word for word as the index `deliveries_due_idx` has it. */
const laneSql = `(case when operation_id is not null then 'bulk' when attempts = series_start then 'live' else 'retry' end)`

// What a worker holds is still in the index, and is passed over.
const waitingSql = `deliveries d where d.next_attempt_at is not null and d.state in ('queued', 'retrying')`

// Each lane is a part of one index, in order of when its deliveries are due: it is read from its beginning.
const oldestSql = (lane: Lane): string => `
  (select extract(epoch from now() - w.next_attempt_at)::float from (
     select d.next_attempt_at, d.destination_id, d.operation_id from ${waitingSql} and ${laneSql} = '${lane}'
       and d.next_attempt_at <= now() order by d.next_attempt_at limit ${scanMax}) w
   where not exists (select from destinations t where t.id = w.destination_id and t.state <> 'enabled')
     and not exists (select from operations o where o.id = w.operation_id and o.state = 'paused')
   order by w.next_attempt_at limit 1) as ${lane}`

const soonestSql = (lane: Lane): string => `
  (select d.next_attempt_at - now() as due_in from ${waitingSql} and ${laneSql} = '${lane}' and d.state = 'retrying'
   order by d.next_attempt_at limit ${retriesCountedMax})`

const retriesSql = `
  select count(*) filter (where due_in <= interval '0')::int as "now",
    count(*) filter (where due_in > interval '0' and due_in <= interval '1 minute')::int as "1m",
    count(*) filter (where due_in > interval '1 minute' and due_in <= interval '10 minutes')::int as "10m",
    count(*) filter (where due_in > interval '10 minutes' and due_in <= interval '1 hour')::int as "1h",
    count(*) filter (where due_in > interval '1 hour')::int as later
  from (select due_in from (${soonestSql('retry')} union all ${soonestSql('bulk')}) both_lanes
        order by due_in limit ${retriesCountedMax}) soonest`

const unsweptSql = `
  select sweep_at from deliveries where sweep_at is not null and not coalesce(claim_expires_at > now(), false)
  order by sweep_at limit 1`

const operationsSql = `
  select count(*) filter (where o.state = 'running')::int as running, count(*) filter (where o.state = 'paused')::int as paused,
    coalesce(sum(greatest(o.matched - o.fed, 0)), 0)::int as to_come,
    coalesce(sum((select count(*) from operation_items i where i.operation_id = o.id and i.outcome = 'waiting')), 0)::int as begun
  from operations o where o.state in ('running', 'paused')`

export const databaseMetricsSql = `
  select (select row_to_json(l) from (select ${lanes.map(oldestSql).join(',')}) l) as oldest,
    (select row_to_json(r) from (${retriesSql}) r) as retries,
    (select row_to_json(o) from (${operationsSql}) o) as operations,
    greatest(extract(epoch from now() - (${unsweptSql})), 0)::float as lag,
    (select count(*)::int from workers where seen_at > now() - ${heartbeatTimeoutMs} * interval '1 ms') as workers,
    array(select lane from lane_pauses) as held`

interface MetricsRow {
  oldest: Record<Lane, number | null>
  retries: Record<RetryWindow, number>
  operations: Record<'running' | 'paused' | 'to_come' | 'begun', number>
  lag: number
  workers: number
  held: string[]
}

export async function readDatabaseMetrics({ pool }: Pick<Database, 'pool'>): Promise<DatabaseMetrics> {
  const { rows } = await pool.query<MetricsRow>({ name: 'read-measures', text: databaseMetricsSql })
  const [row] = rows
  if (!row) throw new Error('the measures have one row')
  const { running, paused, to_come, begun } = row.operations
  return {
    oldestDueSeconds: byLane((lane) => row.oldest[lane] ?? 0),
    retriesDue: row.retries,
    outboxLagSeconds: row.lag,
    operations: { running, paused },
    operationItemsLeft: { begun, to_come },
    lanesPaused: byLane((lane) => (row.held.includes(lane) ? 1 : 0)),
    workers: row.workers,
  }
}

function byLane<T>(valueOf: (lane: Lane) => T): Record<Lane, T> {
  return Object.fromEntries(lanes.map((lane) => [lane, valueOf(lane)])) as Record<Lane, T>
}
