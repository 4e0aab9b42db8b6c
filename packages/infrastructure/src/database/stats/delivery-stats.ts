import type { Lane } from '@ghostpost/delivery/deliver'
import { durationBucketCount } from '@ghostpost/delivery/stats'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'

/** Attempts of one minute, in one lane, of one site and destination. */
export interface AttemptTally {
  siteId: number
  /** The saved destination; null for an ad-hoc URL. */
  destinationId: string | null
  lane: Lane
  /** Start of the minute, in milliseconds. */
  minute: number
  delivered: number
  retried: number
  failed: number
  /** Counts by class of duration. */
  durations: readonly number[]
}

/** The subject of the rows that count a whole site instead of one destination. */
export const wholeSite = '00000000-0000-0000-0000-000000000000'
/** Seconds that a row covers. */
export const minuteSpan = 60
export const hourSpan = 3_600

const classes = Array.from({ length: durationBucketCount }, (_, index) => index + 1)

/** SQL: the counts by class of duration, summed over many rows. */
export const durationsSum: string = `array[${classes.map((one) => `sum(durations[${one}])::int`).join(', ')}]`
const durationsAdded = `array[${classes.map((one) => `old.durations[${one}] + excluded.durations[${one}]`).join(', ')}]`

// Each tally counts four times: for its site and its destination, by the minute and by the hour. All workers lock
// rows in the order of the key, so that they cannot deadlock.
const addTalliesSql = `
  with tallies as (
    select
      site_id,
      destination_id,
      minute,
      delivered,
      retried,
      failed,
      durations::int[] as durations
    from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::int[], $5::int[], $6::int[], $7::text[])
      as u(site_id, destination_id, minute, delivered, retried, failed, durations)
  )
  insert into delivery_stats as old (site_id, subject, span, at, delivered, retried, failed, durations)
  select
    t.site_id,
    s.subject,
    p.span,
    to_timestamp(floor(extract(epoch from t.minute) / p.span) * p.span) as at,
    sum(t.delivered)::int,
    sum(t.retried)::int,
    sum(t.failed)::int,
    ${durationsSum}
  from tallies t
  cross join unnest(array['${wholeSite}'::uuid, t.destination_id]) s(subject)
  cross join (values (${minuteSpan}), (${hourSpan})) p(span)
  where s.subject is not null
  group by 1, 2, 3, 4
  order by 1, 2, 3, 4
  on conflict (site_id, subject, span, at) do update set
    delivered = old.delivered + excluded.delivered,
    retried = old.retried + excluded.retried,
    failed = old.failed + excluded.failed,
    durations = ${durationsAdded}`

const addLaneAttemptsSql = `
  insert into lane_stats as old (lane, at, attempts)
  select
    lane,
    minute,
    sum(attempts)::int
  from unnest($1::text[], $2::timestamptz[], $3::int[]) t(lane, minute, attempts)
  group by 1, 2
  order by 1, 2
  on conflict (lane, at) do update set
    attempts = old.attempts + excluded.attempts`

const addSiteLaneAttemptsSql = `
  insert into site_lane_stats as old (site_id, lane, at, attempts)
  select
    site_id,
    lane,
    minute,
    sum(attempts)::int
  from unnest($1::int[], $2::text[], $3::timestamptz[], $4::int[]) t(site_id, lane, minute, attempts)
  group by 1, 2, 3
  order by 1, 2, 3
  on conflict (site_id, lane, at) do update set
    attempts = old.attempts + excluded.attempts`

/** Adds a worker's tallies to the stored statistics, in one transaction. */
export async function addTallies(
  database: Pick<Database, 'pool'>,
  tallies: readonly AttemptTally[],
): Promise<void> {
  if (tallies.length === 0) return
  const sites = tallies.map(({ siteId }) => siteId)
  const lanes = tallies.map(({ lane }) => lane)
  const minutes = tallies.map(({ minute }) => new Date(minute))
  const attempts = tallies.map((tally) => tally.delivered + tally.retried + tally.failed)
  await inTransaction(database, async (client) => {
    await client.query(addTalliesSql, [
      sites,
      tallies.map(({ destinationId }) => destinationId),
      minutes,
      tallies.map(({ delivered }) => delivered),
      tallies.map(({ retried }) => retried),
      tallies.map(({ failed }) => failed),
      tallies.map(({ durations }) => `{${durations.join(',')}}`),
    ])
    await client.query(addLaneAttemptsSql, [lanes, minutes, attempts])
    await client.query(addSiteLaneAttemptsSql, [sites, lanes, minutes, attempts])
  })
}
