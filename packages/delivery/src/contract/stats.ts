import { Type, type Static } from 'typebox'
import { ReceiverHealth } from './destination.ts'

/** Attempts by result, with their durations: `/api/stats`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const siteId = Type.Optional(
  Type.String({ pattern: '^[1-9]\\d{0,9}$', description: 'The site; 4 by default.' }),
)

export const statsRanges = ['1h', '24h', '7d', '30d'] as const

export const StatsQuery = Type.Object(
  {
    siteId,
    range: Type.Optional(
      Type.Enum([...statsRanges], { description: 'How far back from now; 24h by default.' }),
    ),
    destination_id: Type.Optional(
      Type.String({ format: 'uuid', description: 'Only attempts of this saved destination.' }),
    ),
  },
  { additionalProperties: false },
)

export const StatsSiteQuery = Type.Object({ siteId }, { additionalProperties: false })

const percentile = (share: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
    description: `Milliseconds that ${share} of the attempts took at most, accurate to 20 %; null if there were none.`,
  })

const counts = {
  delivered: count('Attempts that delivered.'),
  retried: count('Attempts that failed and are retried.'),
  failed: count('Attempts after which a delivery became a dead letter.'),
}

const totals = {
  ...counts,
  success: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
    description: 'Share of delivered among finished deliveries; null if none finished.',
  }),
  p50_ms: percentile('half'),
  p95_ms: percentile('95 %'),
  p99_ms: percentile('99 %'),
}

const StatsTotal = Type.Object(totals)

export const StatsView = Type.Object({
  range: Type.Enum([...statsRanges]),
  bucket_seconds: Type.Integer(),
  buckets: Type.Array(Type.Object({ at: time, ...totals }), {
    description: 'Oldest first, without gaps; the last bucket is still open.',
  }),
  total: StatsTotal,
  before: Type.Object(totals, { description: 'The same numbers for the previous period of equal length.' }),
})

const DestinationStats = Type.Object({
  destination_id: Type.String(),
  hours: Type.Array(Type.Object(counts), {
    description: 'The last 24 hours, oldest first; the last one is still open.',
  }),
  ...totals,
  waiting: count('Unfinished deliveries to it; counts at most 10,000 of the site.'),
  last_delivered_at: Type.Union([time, Type.Null()], {
    description:
      'Precise to the minute, to the hour after two days; null if never, or before the retention of statistics.',
  }),
  health: ReceiverHealth,
})

export const DestinationStatsList = Type.Object({
  items: Type.Array(DestinationStats, {
    description: 'Sorted by name, with the numbers of the last 24 hours.',
  }),
})

export type StatsRange = (typeof statsRanges)[number]
export type StatsTotal = Static<typeof StatsTotal>
export type StatsView = Static<typeof StatsView>
export type DestinationStats = Static<typeof DestinationStats>
