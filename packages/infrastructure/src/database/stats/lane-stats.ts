import type { Lane } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { readBacklog } from './read-backlog.ts'

/** The recent throughput of a lane. */
export interface LanePace {
  /** Attempts a minute. */
  perMinute: number
  /** How many deliveries were due some minutes ago; null when no worker sampled the lane then. */
  before: { due: number; minutesAgo: number } | null
}

/** The pace is the average over this many minutes. */
const paceMinutes = 5

const minuteNow = `date_trunc('minute', now())`

const isSampledSql = `
  select exists (select from lane_stats where at = ${minuteNow} and due is not null) as sampled`

const storeSampleSql = `
  insert into lane_stats (lane, at, due)
  select
    lane,
    ${minuteNow},
    due
  from unnest($1::text[], $2::int[]) t(lane, due)
  on conflict (lane, at) do update set
    due = excluded.due
  where lane_stats.due is null`

/** Stores how many deliveries are due in each lane, once a minute, however many workers call it. */
export async function sampleLanes(database: Pick<Database, 'pool'>): Promise<void> {
  const { pool } = database
  const { rows } = await pool.query<{ sampled: boolean }>(isSampledSql)
  if (rows[0]?.sampled) return
  const { lanes } = await readBacklog(database)
  const due = Object.entries(lanes).map(([lane, backlog]) => [lane, backlog.due] as const)
  await pool.query(storeSampleSql, [due.map(([lane]) => lane), due.map(([, count]) => count)])
}

interface PaceRow {
  lane: Lane
  per_minute: number
  due: number | null
  minutes_ago: number | null
}

// The current minute counts with the part of it that has passed.
const paceSql = `
  with recent as (
    select
      lane,
      at,
      attempts,
      due
    from lane_stats
    where at > now() - interval '${paceMinutes} minutes'
  ),
  oldest_sample as (
    select distinct on (lane)
      lane,
      at,
      due
    from recent
    where due is not null
      and at < ${minuteNow}
    order by lane, at
  )
  select
    r.lane,
    sum(r.attempts)::float
      / greatest(extract(epoch from now() - least(min(r.at), ${minuteNow})) / 60, 1) as per_minute,
    s.due,
    extract(epoch from now() - s.at)::float / 60 as minutes_ago
  from recent r
  left join oldest_sample s on s.lane = r.lane
  group by r.lane, s.due, s.at`

/** The pace of each lane that has recent statistics. */
export async function readPaces({ pool }: Pick<Database, 'pool'>): Promise<ReadonlyMap<Lane, LanePace>> {
  const { rows } = await pool.query<PaceRow>(paceSql)
  return new Map(
    rows.map(({ lane, per_minute: perMinute, due, minutes_ago: minutesAgo }) => [
      lane,
      { perMinute, before: due === null || minutesAgo === null ? null : { due, minutesAgo } },
    ]),
  )
}
