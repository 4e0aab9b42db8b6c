import { Type, type Static } from 'typebox'
import { ReceiverHealth } from './destination.ts'

/** How many attempts ended how, and how long they took: `/api/stats`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const siteId = Type.Optional(
  Type.String({ pattern: '^[1-9]\\d{0,9}$', description: 'The site; 4 unless given.' }),
)

export const statsRanges = ['1h', '24h', '7d', '30d'] as const

export const StatsQuery = Type.Object(
  {
    siteId,
    range: Type.Optional(
      Type.Enum([...statsRanges], { description: 'How far back from now; 24h unless given.' }),
    ),
    destination_id: Type.Optional(
      Type.String({ format: 'uuid', description: 'Only of this saved destination.' }),
    ),
  },
  { additionalProperties: false },
)

export const StatsSiteQuery = Type.Object({ siteId }, { additionalProperties: false })

const percentile = (share: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
    description: `Milliseconds that ${share} of the attempts took at most, within a fifth; null when there were none.`,
  })

const counts = {
  delivered: count('Attempts that delivered.'),
  retried: count('Attempts that failed and are made again.'),
  failed: count('Attempts after which a delivery was given up.'),
}

const totals = {
  ...counts,
  success: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
    description: 'Share of the deliveries that ended which were delivered; null when none ended.',
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
    description: 'Oldest first, without gaps; the last one is not over yet.',
  }),
  total: StatsTotal,
  before: Type.Object(totals, { description: 'Of the same time before.' }),
})

const DestinationStats = Type.Object({
  destination_id: Type.String(),
  hours: Type.Array(Type.Object(counts), { description: 'The last 24, oldest first; the last is not over.' }),
  ...totals,
  waiting: count('Deliveries to it that are not finished; counted up to 10,000 of the site.'),
  last_delivered_at: Type.Union([time, Type.Null()], {
    description:
      'To the minute, older than two days to the hour; null when never, or longer ago than is kept.',
  }),
  health: ReceiverHealth,
})

export const DestinationStatsList = Type.Object({
  items: Type.Array(DestinationStats, { description: 'By name. Numbers of the last 24 hours.' }),
})

export type StatsRange = (typeof statsRanges)[number]
export type StatsTotal = Static<typeof StatsTotal>
export type StatsView = Static<typeof StatsView>
export type DestinationStats = Static<typeof DestinationStats>
