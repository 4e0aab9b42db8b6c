import type { Lane } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { readBacklog } from './read-backlog.ts'

/** How fast a lane went lately. */
export interface LanePace {
  /** Attempts a minute. */
  perMinute: number
  /** How many were due some minutes ago; null when nobody looked. */
  before: { due: number; minutesAgo: number } | null
}

/** Over how many minutes the pace is taken. */
const paceMinutes = 5

const minuteNow = `date_trunc('minute', now())`

const sampledSql = `select exists (select from lane_stats where at = ${minuteNow} and due is not null) as sampled`

const sampleSql = `
  insert into lane_stats (lane, at, due) select lane, ${minuteNow}, due from unnest($1::text[], $2::int[]) t(lane, due)
  on conflict (lane, at) do update set due = excluded.due where lane_stats.due is null`

/** Notes what is due in each lane, once a minute whoever asks. */
export async function sampleLanes(database: Pick<Database, 'pool'>): Promise<void> {
  const { pool } = database
  const { rows } = await pool.query<{ sampled: boolean }>(sampledSql)
  if (rows[0]?.sampled) return
  const { lanes } = await readBacklog(database)
  const due = Object.entries(lanes).map(([lane, backlog]) => [lane, backlog.due] as const)
  await pool.query(sampleSql, [due.map(([lane]) => lane), due.map(([, count]) => count)])
}

// The minute under way counts with the part of it that is over.
const paceSql = `
  with lately as (select lane, at, attempts, due from lane_stats where at > now() - interval '${paceMinutes} minutes')
  select l.lane, sum(l.attempts)::float / greatest(extract(epoch from now() - least(min(l.at), ${minuteNow})) / 60, 1) as per_minute,
    f.due, extract(epoch from now() - f.at)::float / 60 as minutes_ago
  from lately l left join (
    select distinct on (lane) lane, at, due from lately where due is not null and at < ${minuteNow} order by lane, at
  ) f on f.lane = l.lane
  group by l.lane, f.due, f.at`

interface PaceRow {
  lane: Lane
  per_minute: number
  due: number | null
  minutes_ago: number | null
}

/** The pace of each lane in which anything was noted lately. */
export async function readPaces({ pool }: Pick<Database, 'pool'>): Promise<ReadonlyMap<Lane, LanePace>> {
  const { rows } = await pool.query<PaceRow>(paceSql)
  return new Map(
    rows.map(({ lane, per_minute: perMinute, due, minutes_ago: minutesAgo }) => [
      lane,
      { perMinute, before: due === null || minutesAgo === null ? null : { due, minutesAgo } },
    ]),
  )
}
