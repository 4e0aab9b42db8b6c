import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { countDueBySite } from './read-backlog.ts'

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

// In the order of the key, as the tallies of workers: they cannot deadlock.
const storeSiteSamplesSql = `
  insert into site_lane_stats (site_id, lane, at, due)
  select
    site_id,
    lane,
    ${minuteNow},
    due
  from unnest($1::int[], $2::text[], $3::int[]) t(site_id, lane, due)
  order by 1, 2
  on conflict (site_id, lane, at) do update set
    due = excluded.due
  where site_lane_stats.due is null`

/**
 * Stores how many deliveries are due in each lane, in all and of each site, once a minute, however many workers call
 * it.
 */
export async function sampleLanes(database: Pick<Database, 'pool'>): Promise<void> {
  const { pool } = database
  const { rows } = await pool.query<{ sampled: boolean }>(isSampledSql)
  if (rows[0]?.sampled) return
  const due = await countDueBySite(database)
  await pool.query(storeSiteSamplesSql, [
    due.map(({ site_id: siteId }) => siteId),
    due.map(({ lane }) => lane),
    due.map((one) => one.due),
  ])
  // Last, because it marks the minute as sampled.
  const byLane = Map.groupBy(due, ({ lane }) => lane)
  const totals = lanes.map((lane) => (byLane.get(lane) ?? []).reduce((sum, one) => sum + one.due, 0))
  await pool.query(storeSampleSql, [lanes, totals])
}

interface PaceRow {
  lane: Lane
  per_minute: number
  due: number | null
  minutes_ago: number | null
}

const recentColumns = `
      lane,
      at,
      attempts,
      due`

const recentSums = `
      lane,
      at,
      sum(attempts)::int as attempts,
      sum(due)::int as due`

const isRecent = `at > now() - interval '${paceMinutes} minutes'`

const recentOfAllSites = `
    select ${recentColumns}
    from lane_stats
    where ${isRecent}`

const recentOfSites = `
    select ${recentSums}
    from site_lane_stats
    where site_id = any($1::int[])
      and ${isRecent}
    group by lane, at`

// The current minute counts with the part of it that has passed.
const paceSql = (recent: string): string => `
  with recent as (${recent}
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
  const { rows } = await pool.query<PaceRow>(paceSql(recentOfAllSites))
  return pacesOf(rows)
}

/** The pace at which each lane sends the deliveries of some sites. */
export async function readPacesOfSites(
  { pool }: Pick<Database, 'pool'>,
  sites: readonly number[],
): Promise<ReadonlyMap<Lane, LanePace>> {
  const { rows } = await pool.query<PaceRow>(paceSql(recentOfSites), [sites])
  return pacesOf(rows)
}

function pacesOf(rows: readonly PaceRow[]): ReadonlyMap<Lane, LanePace> {
  return new Map(
    rows.map(({ lane, per_minute: perMinute, due, minutes_ago: minutesAgo }) => [
      lane,
      { perMinute, before: due === null || minutesAgo === null ? null : { due, minutesAgo } },
    ]),
  )
}
