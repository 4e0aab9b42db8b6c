import { emptyDurationCounts, percentileOf } from '@ghostpost/delivery/stats'
import type { DestinationStats, StatsRange, StatsTotal, StatsView } from '@ghostpost/delivery/contract/stats'
import { durationsSum, hourSpan, minuteSpan, wholeSite } from './delivery-stats.ts'
import type { Database } from '../connection/open-database.ts'

/** Of each range, in seconds: its length, the width of its buckets, and the span of the rows that it sums. */
const ranges: Readonly<Record<StatsRange, { reach: number; bucket: number; span: number }>> = {
  '1h': { reach: 3_600, bucket: 60, span: minuteSpan },
  '24h': { reach: 86_400, bucket: 900, span: minuteSpan },
  '7d': { reach: 604_800, bucket: 7_200, span: hourSpan },
  '30d': { reach: 2_592_000, bucket: 21_600, span: hourSpan },
}

interface AttemptCounts {
  delivered: number
  retried: number
  failed: number
  durations: number[]
}

const noCounts = (): AttemptCounts => ({
  delivered: 0,
  retried: 0,
  failed: 0,
  durations: emptyDurationCounts(),
})

const statsSql = `
  select
    (floor(extract(epoch from at) / $4) * $4)::float8 as bucket,
    sum(delivered)::int as delivered,
    sum(retried)::int as retried,
    sum(failed)::int as failed,
    ${durationsSum} as durations
  from delivery_stats
  where site_id = $1
    and subject = $2
    and span = $3
    and at >= to_timestamp($5)
    and at < to_timestamp($6)
  group by 1`

interface StatsRow extends AttemptCounts {
  bucket: number
}

/**
 * The results of the attempts of a site, or of one of its saved destinations: by bucket over the range that ends at `now`,
 * and as one sum over the equally long range before it.
 */
export async function readStats(
  { pool }: Pick<Database, 'pool'>,
  { siteId, destinationId, range }: { siteId: number; destinationId: string | null; range: StatsRange },
  now: Date,
): Promise<StatsView> {
  const { reach, bucket, span } = ranges[range]
  const end = (Math.floor(now.getTime() / 1_000 / bucket) + 1) * bucket
  const { rows } = await pool.query<StatsRow>({
    name: 'read-stats',
    text: statsSql,
    values: [siteId, destinationId ?? wholeSite, span, bucket, end - 2 * reach, end],
  })
  const found = new Map(rows.map((row) => [row.bucket, row]))
  const starts = Array.from({ length: reach / bucket }, (_, index) => end - reach + index * bucket)
  const current = rows.filter((row) => row.bucket >= end - reach)
  const previous = rows.filter((row) => row.bucket < end - reach)
  return {
    range,
    bucket_seconds: bucket,
    buckets: starts.map((start) => ({
      at: new Date(start * 1_000).toISOString(),
      ...totalOf(found.get(start) ?? noCounts()),
    })),
    total: totalOf(sumCounts(current)),
    before: totalOf(sumCounts(previous)),
  }
}

function sumCounts(rows: readonly AttemptCounts[]): AttemptCounts {
  const sum = noCounts()
  for (const row of rows) {
    sum.delivered += row.delivered
    sum.retried += row.retried
    sum.failed += row.failed
    for (const [index, count] of row.durations.entries())
      sum.durations[index] = (sum.durations[index] ?? 0) + count
  }
  return sum
}

function totalOf({ delivered, retried, failed, durations }: AttemptCounts): StatsTotal {
  const ended = delivered + failed
  return {
    delivered,
    retried,
    failed,
    success: ended === 0 ? null : delivered / ended,
    p50_ms: percentileOf(durations, 0.5),
    p95_ms: percentileOf(durations, 0.95),
    p99_ms: percentileOf(durations, 0.99),
  }
}

interface DestinationHour extends AttemptCounts {
  id: string
  hour: number
}

const hoursShown = 24

const destinationHoursSql = `
  select
    subject as id,
    extract(epoch from at)::float8 as hour,
    delivered,
    retried,
    failed,
    durations
  from delivery_stats
  where site_id = $1
    and subject <> '${wholeSite}'
    and span = ${hourSpan}
    and at >= to_timestamp($2)`

/** The most unfinished deliveries of a site that are counted. */
const waitingMax = 10_000

const lastDeliveredSql = (span: number): string => `
  (
    select at
    from delivery_stats s
    where s.site_id = $1
      and s.subject = d.id
      and s.span = ${span}
      and s.delivered > 0
    order by at desc
    limit 1
  )`

// Rows by the minute exist for two days. Older deliveries are found in the rows by the hour.
const destinationActivitySql = `
  with unfinished as (
    select destination_id
    from deliveries
    where site_id = $1
      and sweep_at is not null
    order by id desc
    limit ${waitingMax}
  ),
  waiting as (
    select
      destination_id,
      count(*)::int as waiting
    from unfinished
    where destination_id is not null
    group by 1
  )
  select
    d.id,
    d.receiver_host,
    coalesce(w.waiting, 0) as waiting,
    coalesce(${lastDeliveredSql(minuteSpan)}, ${lastDeliveredSql(hourSpan)}) as last_delivered
  from destinations d
  left join waiting w on w.destination_id = d.id
  where d.site_id = $1
  order by d.name`

interface ActivityRow {
  id: string
  receiver_host: string
  waiting: number
  last_delivered: Date | null
}

export type DestinationActivity = Omit<DestinationStats, 'health'> & { receiverHost: string }

/** For each saved destination of a site: the last 24 hours, its waiting deliveries, and its last successful delivery. */
export async function readDestinationStats(
  { pool }: Pick<Database, 'pool'>,
  siteId: number,
  now: Date,
): Promise<DestinationActivity[]> {
  const first = (Math.floor(now.getTime() / 1_000 / hourSpan) - hoursShown + 1) * hourSpan
  const [hours, activity] = await Promise.all([
    pool.query<DestinationHour>({
      name: 'destination-hours',
      text: destinationHoursSql,
      values: [siteId, first],
    }),
    pool.query<ActivityRow>({
      name: 'destination-activity',
      text: destinationActivitySql,
      values: [siteId],
    }),
  ])
  const byId = Map.groupBy(hours.rows, ({ id }) => id)
  return activity.rows.map((row) => {
    const own = byId.get(row.id) ?? []
    return {
      destination_id: row.id,
      receiverHost: row.receiver_host,
      hours: hoursOf(own, first),
      ...totalOf(sumCounts(own)),
      waiting: row.waiting,
      last_delivered_at: row.last_delivered?.toISOString() ?? null,
    }
  })
}

function hoursOf(rows: readonly DestinationHour[], first: number): DestinationActivity['hours'] {
  const byHour = new Map(rows.map((row) => [row.hour, row]))
  return Array.from({ length: hoursShown }, (_, index) => {
    const { delivered, retried, failed } = byHour.get(first + index * hourSpan) ?? noCounts()
    return { delivered, retried, failed }
  })
}
