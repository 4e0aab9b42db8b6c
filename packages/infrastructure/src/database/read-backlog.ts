import type { Database } from './open-database.ts'
import { workerAbsentMs } from './worker-presence.ts'

/** What waits in all sites, as the database knows it. */
export interface Backlog {
  /** Deliveries that are due and not finished, up to a bound. */
  due: number
  /** How long the one that waits longest has been due, in seconds; null when none is. */
  oldestDueSeconds: number | null
  /** Retries that become due within the next minutes: 1, 10, 60, and later. */
  retries: { withinMinutes: number | null; count: number }[]
  capped: boolean
}

/** More unfinished deliveries than this are not counted. */
const countedMax = 100_000

const backlogSql = `
  with waiting as (
    select next_attempt_at - now() as due_in from deliveries
    where sweep_at is not null and state in ('queued', 'retrying') order by sweep_at limit ${countedMax}
  )
  select count(*)::int as counted, count(*) filter (where due_in <= interval '0')::int as due,
    extract(epoch from -min(due_in) filter (where due_in <= interval '0'))::float as oldest,
    count(*) filter (where due_in > interval '0' and due_in <= interval '1 minute')::int as minute,
    count(*) filter (where due_in > interval '1 minute' and due_in <= interval '10 minutes')::int as ten,
    count(*) filter (where due_in > interval '10 minutes' and due_in <= interval '1 hour')::int as hour,
    count(*) filter (where due_in > interval '1 hour')::int as later
  from waiting`

export async function readBacklog({ pool }: Pick<Database, 'pool'>): Promise<Backlog> {
  const { rows } = await pool.query<
    Record<'counted' | 'due' | 'minute' | 'ten' | 'hour' | 'later', number> & {
      oldest: number | null
    }
  >(backlogSql)
  const row = rows[0]
  return {
    due: row?.due ?? 0,
    oldestDueSeconds: row?.oldest ?? null,
    retries: [
      { withinMinutes: 1, count: row?.minute ?? 0 },
      { withinMinutes: 10, count: row?.ten ?? 0 },
      { withinMinutes: 60, count: row?.hour ?? 0 },
      { withinMinutes: null, count: row?.later ?? 0 },
    ],
    capped: row?.counted === countedMax,
  }
}

export interface SeenWorker {
  id: string
  host: string
  version: string
  concurrency: number
  startedAt: Date
  seenAt: Date
}

/** The workers that live, oldest first, by the clock they were noted by. */
export async function listWorkers({ pool }: Pick<Database, 'pool'>): Promise<SeenWorker[]> {
  const { rows } = await pool.query<SeenWorker>(
    `select id, host, version, concurrency, started_at as "startedAt", seen_at as "seenAt"
     from workers where seen_at > now() - $1 * interval '1 ms' order by started_at`,
    [workerAbsentMs],
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
