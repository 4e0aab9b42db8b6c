import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { heartbeatTimeoutMs } from '../upkeep/worker-heartbeat.ts'
import { budgetSql } from './receiver-holds.ts'

/** Figures about all sites that are cheap to read, however many deliveries wait. */
export interface DatabaseMetrics {
  /** How long the oldest due delivery has been due; 0 when none is due. */
  oldestDueSeconds: Record<Lane, number>
  /** Retries by when they are due: only the soonest `retriesCountedMax` are counted. */
  retriesDue: Record<RetryWindow, number>
  /** How long the delivery that has waited longest for the sweeper has waited. */
  outboxLagSeconds: number
  operations: Record<'running' | 'paused', number>
  /** Members of those operations: begun and not settled (`begun`), and not yet begun (`to_come`). */
  operationItemsLeft: Record<'begun' | 'to_come', number>
  /** 1 for a paused lane. */
  lanesPaused: Record<Lane, 0 | 1>
  workers: number
}

export const retryWindows = ['now', '1m', '10m', '1h', 'later'] as const

type RetryWindow = (typeof retryWindows)[number]

const retriesCountedMax = 10_000
/** The most due deliveries of a lane that the search for an unpaused one reads. */
const scanMax = 10_000

/** The same expression as in the index `deliveries_due_idx`, and the same rule as `laneOf`. */
const laneSql = `(
  case when operation_id is not null then 'bulk' when attempts = series_start then 'live' else 'retry' end
)`

// The index also contains the deliveries that workers have claimed. The state excludes them.
const isWaitingSql = `d.next_attempt_at is not null and d.state in ('queued', 'retrying')`

// Each lane is a part of one index, in the order in which its deliveries are due. The scan starts at its beginning.
const oldestDueSql = (lane: Lane): string => `
  (
    select extract(epoch from now() - w.next_attempt_at)::float
    from (
      select
        d.next_attempt_at,
        d.site_id,
        d.destination_id,
        d.receiver_host,
        d.webhook_key,
        d.operation_id
      from deliveries d
      where ${isWaitingSql}
        and ${laneSql} = '${lane}'
        and d.next_attempt_at <= now()
      order by d.next_attempt_at
      limit ${scanMax}
    ) w
    where not exists (select from destinations t where t.id = w.destination_id and t.state <> 'enabled')
      and not exists (select from operations o where o.id = w.operation_id and o.state = 'paused')
      and not exists (
        select
        from receiver_holds h
        where h.until > now()
          and h.budget = ${budgetSql('w.')}
      )
    order by w.next_attempt_at
    limit 1
  ) as ${lane}`

const soonestRetriesSql = (lane: Lane): string => `
  (
    select d.next_attempt_at - now() as due_in
    from deliveries d
    where ${isWaitingSql}
      and ${laneSql} = '${lane}'
      and d.state = 'retrying'
    order by d.next_attempt_at
    limit ${retriesCountedMax}
  )`

const retriesDueSql = `
  select
    count(*) filter (where due_in <= interval '0')::int as "now",
    count(*) filter (where due_in > interval '0' and due_in <= interval '1 minute')::int as "1m",
    count(*) filter (where due_in > interval '1 minute' and due_in <= interval '10 minutes')::int as "10m",
    count(*) filter (where due_in > interval '10 minutes' and due_in <= interval '1 hour')::int as "1h",
    count(*) filter (where due_in > interval '1 hour')::int as later
  from (
    select due_in
    from (${soonestRetriesSql('retry')} union all ${soonestRetriesSql('bulk')}) both_lanes
    order by due_in
    limit ${retriesCountedMax}
  ) soonest`

const oldestUnsweptSql = `
  select sweep_at
  from deliveries
  where sweep_at is not null
    and not coalesce(claim_expires_at > now(), false)
  order by sweep_at
  limit 1`

const operationsSql = `
  select
    count(*) filter (where o.state = 'running')::int as running,
    count(*) filter (where o.state = 'paused')::int as paused,
    coalesce(sum(greatest(o.matched - o.fed, 0)), 0)::int as to_come,
    coalesce(sum(
      (select count(*) from operation_items i where i.operation_id = o.id and i.outcome = 'waiting')
    ), 0)::int as begun
  from operations o
  where o.state in ('running', 'paused')`

export const databaseMetricsSql = `
  select
    (select row_to_json(l) from (select ${lanes.map(oldestDueSql).join(',')}) l) as oldest,
    (select row_to_json(r) from (${retriesDueSql}) r) as retries,
    (select row_to_json(o) from (${operationsSql}) o) as operations,
    greatest(extract(epoch from now() - (${oldestUnsweptSql})), 0)::float as lag,
    (select count(*)::int from workers where seen_at > now() - ${heartbeatTimeoutMs} * interval '1 ms') as workers,
    array(select lane from lane_pauses) as paused_lanes`

interface MetricsRow {
  oldest: Record<Lane, number | null>
  retries: Record<RetryWindow, number>
  operations: Record<'running' | 'paused' | 'to_come' | 'begun', number>
  lag: number
  workers: number
  paused_lanes: string[]
}

export async function readDatabaseMetrics({ pool }: Pick<Database, 'pool'>): Promise<DatabaseMetrics> {
  const { rows } = await pool.query<MetricsRow>({ name: 'read-database-metrics', text: databaseMetricsSql })
  const [row] = rows
  if (!row) throw new Error('the metrics statement returned no row')
  const { running, paused, to_come, begun } = row.operations
  return {
    oldestDueSeconds: byLane((lane) => row.oldest[lane] ?? 0),
    retriesDue: row.retries,
    outboxLagSeconds: row.lag,
    operations: { running, paused },
    operationItemsLeft: { begun, to_come },
    lanesPaused: byLane((lane) => (row.paused_lanes.includes(lane) ? 1 : 0)),
    workers: row.workers,
  }
}

function byLane<T>(valueOf: (lane: Lane) => T): Record<Lane, T> {
  return Object.fromEntries(lanes.map((lane) => [lane, valueOf(lane)])) as Record<Lane, T>
}
