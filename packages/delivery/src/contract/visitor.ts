import { Type, type Static } from 'typebox'
import { journeyMax, recentEventsMax } from '../visitors/visitor-profile.ts'
import { ErrorDetail } from './errors.ts'
import { visitorIdPattern } from './visitor-record.ts'
import { defaultSiteId, WebhookTypeName } from './webhook.ts'

/** `/api/visitors`. */

export const VisitorParams = Type.Object({ ghost_vid: Type.String({ pattern: visitorIdPattern }) })

/** Whatever the tables contain can be erased, also rows from before they refused other ids. */
export const StoredVisitorParams = Type.Object({ ghost_vid: Type.String({ minLength: 1, maxLength: 400 }) })

const siteId = Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) }))

export const VisitorQuery = Type.Object({ siteId })

export const VisitorListQuery = Type.Object({
  siteId,
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Words, each the beginning of a word of the name, the company or an id.',
    }),
  ),
  identified_user: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'The whole id.' })),
  score_min: Type.Optional(Type.String({ pattern: '^(\\d{1,2}|100)$' })),
  seen_from: Type.Optional(Type.String({ format: 'date-time', description: 'Seen then or later.' })),
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}-\\d{1,18}$' })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|100)$', default: '50' })),
})

const nullableText = Type.Union([Type.String(), Type.Null()])
const utcTime = Type.String({ description: 'ISO 8601, UTC.' })
const nullableTime = Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601, UTC.' })

const summaryFields = {
  ghost_vid: Type.String(),
  score: Type.Integer(),
  identified_user_id: nullableText,
  name: nullableText,
  company: nullableText,
  country: nullableText,
  city: nullableText,
  device_type: nullableText,
  browser: nullableText,
  total_sessions: Type.Integer(),
  total_pageviews: Type.Integer(),
  total_time_seconds: Type.Integer(),
  first_seen: utcTime,
  last_seen: utcTime,
  traits: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
}

export const VisitorSummary = Type.Object(summaryFields)

export const VisitorList = Type.Object({
  items: Type.Array(VisitorSummary, { description: 'The one seen last first.' }),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Send it as `cursor` for the next page; null at the end.',
  }),
})

const VisitorExport = Type.Object({
  webhook_type: WebhookTypeName,
  receiver_host: Type.String(),
  destination_id: nullableText,
  destination_name: nullableText,
  deliveries: Type.Integer({ description: 'Deliveries to it, among the newest 1,000 of the visitor.' }),
  delivered: Type.Integer({ description: 'Those of them that the receiver accepted.' }),
  last_delivered_at: nullableTime,
  last_delivery_id: Type.String(),
  last_status: Type.String(),
  last_created_at: utcTime,
})

export const VisitorView = Type.Object({
  ...summaryFields,
  sessions: Type.Array(
    Type.Object({
      session_id: Type.String(),
      started_at: utcTime,
      ended_at: nullableTime,
      pageview_count: Type.Integer(),
      entry_page: nullableText,
      exit_page: nullableText,
      referrer: nullableText,
    }),
    { description: `The newest first, at most ${journeyMax}.` },
  ),
  events: Type.Array(
    Type.Object({ event_id: nullableText, type: Type.String(), page: nullableText, occurred_at: utcTime }),
    { description: `The newest first, at most ${recentEventsMax}.` },
  ),
  exports: Type.Array(VisitorExport, { description: 'What was exported where, the newest first.' }),
})

/** What a write did to a visitor. */
const visitorResults = ['created', 'updated', 'unchanged', 'suppressed', 'refused'] as const

export const StoredVisitorView = Type.Object({
  ghost_vid: Type.String(),
  result: Type.Enum(['created', 'updated', 'unchanged'], {
    description: '`unchanged`: the stored profile is as new or newer, and no session or event is.',
  }),
})

/** Most rows of one batch. */
export const batchRowsMax = 10_000
/** Most bytes of one row, as of every other body. */
export const batchRowBytesMax = 65_536

export const BatchQuery = Type.Object({
  siteId,
  dry_run: Type.Optional(
    Type.Enum(['true', 'false'], { default: 'false', description: 'Checks the rows and stores nothing.' }),
  ),
})

/** The result of one row of a batch. */
export const BatchRowResult = Type.Object({
  row: Type.Integer({ description: 'The number of the row, from 1.' }),
  ghost_vid: nullableText,
  result: Type.Enum([...visitorResults, 'valid'], {
    description:
      '`suppressed`: the visitor was erased. `refused`: `error` says why. `valid`: only with `dry_run`.',
  }),
  error: Type.Optional(
    Type.Object({
      code: Type.String(),
      message: Type.String(),
      details: Type.Optional(Type.Array(ErrorDetail)),
    }),
  ),
})

export const BatchResponse = Type.Object({
  rows: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  suppressed: Type.Integer(),
  refused: Type.Integer(),
  results: Type.Array(BatchRowResult, { description: 'One per row, in the order of the rows.' }),
})

export type BatchResponse = Static<typeof BatchResponse>
export type VisitorListQuery = Static<typeof VisitorListQuery>
export type VisitorSummary = Static<typeof VisitorSummary>
export type VisitorView = Static<typeof VisitorView>
export type BatchRowResult = Static<typeof BatchRowResult>

const count = (description: string) => Type.Integer({ minimum: 0, description })

export const ErasedView = Type.Object(
  {
    profile: Type.Boolean({ description: 'Whether a profile was deleted.' }),
    deliveries: count('Deliveries whose visitor id was removed.'),
    cancelled: count('Waiting deliveries among them, which were cancelled.'),
    in_flight: count('Deliveries among them that a worker was sending; their responses are not stored.'),
    payloads: count('Deleted payloads.'),
    attempts: count('Attempts whose stored responses were deleted.'),
    idempotency_keys: count('Deleted responses to idempotent requests.'),
  },
  { description: 'What this call erased; all zero if nothing was left.' },
)

export type ErasedView = Static<typeof ErasedView>
