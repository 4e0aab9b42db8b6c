import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { heartbeatTimeoutMs } from '../upkeep/worker-heartbeat.ts'

/** What waits in one lane, as the database knows it. */
export interface LaneBacklog {
  /** Deliveries that are due and not finished. */
  due: number
  /** Due, but their destination or operation is paused, so nobody takes them. */
  paused: number
  /** How long the one that waits longest has been due, in seconds; null when none is. */
  oldestDueSeconds: number | null
  /** Those that become due within the next minutes: 1, 10, 60, and later. */
  upcoming: { withinMinutes: number | null; count: number }[]
}

/** What waits in all sites, up to a bound. */
export interface Backlog {
  lanes: Record<Lane, LaneBacklog>
  capped: boolean
}

/** More unfinished deliveries than this are not counted. */
const countedMax = 100_000

// As laneOf says it: what belongs to an operation is bulk, first attempts of a series are live, the rest is retries.
const backlogSql = `
  with waiting as (
    select next_attempt_at - now() as due_in, destination_id, operation_id,
      case when operation_id is not null then 'bulk' when attempts = series_start then 'live' else 'retry' end as lane
    from deliveries where sweep_at is not null and state in ('queued', 'retrying') order by sweep_at limit ${countedMax}
  ), known as (
    select w.lane, w.due_in, t.state is distinct from 'enabled' and t.state is not null or o.state is not distinct from 'paused' as held
    from waiting w left join destinations t on t.id = w.destination_id left join operations o on o.id = w.operation_id
  )
  select lane, count(*)::int as counted, count(*) filter (where due_in <= interval '0' and not held)::int as due,
    count(*) filter (where due_in <= interval '0' and held)::int as held,
    extract(epoch from -min(due_in) filter (where due_in <= interval '0' and not held))::float as oldest,
    count(*) filter (where due_in > interval '0' and due_in <= interval '1 minute')::int as minute,
    count(*) filter (where due_in > interval '1 minute' and due_in <= interval '10 minutes')::int as ten,
    count(*) filter (where due_in > interval '10 minutes' and due_in <= interval '1 hour')::int as hour,
    count(*) filter (where due_in > interval '1 hour')::int as later
  from known group by lane`

type BacklogRow = { lane: Lane; oldest: number | null } & Record<
  'counted' | 'due' | 'held' | 'minute' | 'ten' | 'hour' | 'later',
  number
>

export async function readBacklog({ pool }: Pick<Database, 'pool'>): Promise<Backlog> {
  const { rows } = await pool.query<BacklogRow>(backlogSql)
  const found = lanes.map((lane) => [lane, laneBacklogOf(rows.find((row) => row.lane === lane))] as const)
  return {
    lanes: Object.fromEntries(found) as Backlog['lanes'],
    capped: rows.reduce((sum, { counted }) => sum + counted, 0) >= countedMax,
  }
}

function laneBacklogOf(row: BacklogRow | undefined): LaneBacklog {
  return {
    due: row?.due ?? 0,
    paused: row?.held ?? 0,
    oldestDueSeconds: row?.oldest ?? null,
    upcoming: [
      { withinMinutes: 1, count: row?.minute ?? 0 },
      { withinMinutes: 10, count: row?.ten ?? 0 },
      { withinMinutes: 60, count: row?.hour ?? 0 },
      { withinMinutes: null, count: row?.later ?? 0 },
    ],
  }
}

export interface LiveWorker {
  id: string
  host: string
  version: string
  concurrency: number
  startedAt: Date
  seenAt: Date
}

/** The workers that live, oldest first, by the clock they were noted by. */
export async function listWorkers({ pool }: Pick<Database, 'pool'>): Promise<LiveWorker[]> {
  const { rows } = await pool.query<LiveWorker>(
    `select id, host, version, concurrency, started_at as "startedAt", seen_at as "seenAt"
     from workers where seen_at > now() - $1 * interval '1 ms' order by started_at`,
    [heartbeatTimeoutMs],
  )
  return rows
}

/** Whether a user is admin of every site there is, and so may touch what all sites share. */
export async function isAdminEverywhere({ pool }: Pick<Database, 'pool'>, userId: string): Promise<boolean> {
  const { rows } = await pool.query<{ all: boolean }>(
    `select not exists (select from sites s where not exists (
       select from memberships m where m.site_id = s.id and m.user_id = $1 and m.role = 'admin')) as all`,
    [userId],
  )
  return rows[0]?.all ?? false
}
