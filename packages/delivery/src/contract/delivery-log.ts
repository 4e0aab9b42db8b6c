import { Type, type Static } from 'typebox'
import { deliveryStates } from '../deliver/delivery.ts'
import { webhookTypes } from '../destinations/registry.ts'
import { LastError, WebhookTypeName } from './webhook.ts'

/** The delivery log: `/api/deliveries`, and what can be done to one delivery. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

export const listLimitMax = 200
/** Counts stop here; "10000 or more" is told as `capped`. */
export const countMax = 10_000

const oneOrMore = (values: readonly string[]) =>
  Type.String({
    pattern: `^(${values.join('|')})(,(${values.join('|')}))*$`,
    maxLength: 200,
    description: 'One or more, separated by commas.',
  })

/** What a filter may say. Each part narrows; all parts together are what is meant. */
export const filterFields = {
  ghost_vid: Type.Optional(Type.String({ maxLength: 131, description: 'Of this visitor.' })),
  identified_user: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 320,
      description: 'Of visitors a site calls so, as an e-mail address.',
    }),
  ),
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        'Words: each begins a word of the visitor’s name, company, id at the site (as an e-mail address) or ghost_vid. Or the id of a delivery.',
    }),
  ),
  webhook_type: Type.Optional(oneOrMore(webhookTypes)),
  destination_id: Type.Optional(Type.String({ format: 'uuid' })),
  receiver: Type.Optional(Type.String({ maxLength: 260, description: 'Host of the receiver.' })),
  status: Type.Optional(oneOrMore(deliveryStates)),
  cause: Type.Optional(Type.String({ maxLength: 100, description: 'Cause code of the last error.' })),
  response_status: Type.Optional(
    Type.String({ pattern: '^[1-5](\\d\\d|xx)$', description: 'As `404` or `5xx`.' }),
  ),
  failure: Type.Optional(Type.String({ maxLength: 64, description: 'Fingerprint of a failure group.' })),
  operation_id: Type.Optional(Type.String({ format: 'uuid' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Created at this time or later.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Created before this time.' })),
}

export const DeliveryFilter = Type.Object(filterFields, { additionalProperties: false })

const siteIdText = Type.Optional(
  Type.String({ pattern: '^[1-9]\\d{0,9}$', description: 'The site; 4 unless given.' }),
)

export const DeliveryListQuery = Type.Object(
  {
    ...filterFields,
    siteId: siteIdText,
    limit: Type.Optional(
      Type.String({ pattern: '^([1-9]|[1-9]\\d|1\\d\\d|200)$', description: '1 to 200; 50 unless given.' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'The `next` of the page before.' })),
  },
  { additionalProperties: false },
)

export const DeliveryCountQuery = Type.Object(
  { ...filterFields, siteId: siteIdText },
  { additionalProperties: false },
)

export const DeliveryExportQuery = Type.Object(
  {
    ...filterFields,
    siteId: siteIdText,
    format: Type.Optional(Type.Enum(['csv', 'ndjson'], { description: 'csv unless given.' })),
  },
  { additionalProperties: false },
)

/** One line of the log. */
export const DeliverySummary = Type.Object({
  delivery_id: Type.String(),
  created_at: time,
  status: Type.Enum([...deliveryStates]),
  ghost_vid: Type.String(),
  identified_user: nullable.text,
  siteId: Type.Integer(),
  webhook_type: WebhookTypeName,
  receiver: Type.String({ description: 'Host of the receiver.' }),
  destination_id: nullable.text,
  destination_name: nullable.text,
  attempts: Type.Integer({ minimum: 0 }),
  delivered_at: nullable.time,
  next_attempt_at: nullable.time,
  last_error: Type.Union([LastError, Type.Null()]),
  last_response_status: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Of the newest attempt, delivered or not; null when it had no answer.',
  }),
  failure: Type.Union([Type.String(), Type.Null()], { description: 'Fingerprint of its failure group.' }),
  operation_id: nullable.text,
  sample: Type.Boolean(),
  alert_rule_id: Type.Union([Type.String(), Type.Null()], {
    description: 'The alert rule it tells of; null for what exports a visitor.',
  }),
})

export const DeliveryList = Type.Object({
  items: Type.Array(DeliverySummary, { description: 'Newest first.' }),
  next: Type.Union([Type.String(), Type.Null()], {
    description:
      'Cursor of the next page; null at the end. A page may be short, even empty, and still have a next one.',
  }),
  searched_back_to: Type.Union([time, Type.Null()], {
    description:
      'When a rare filter made the search stop before the page was full: how far back it has looked.',
  }),
})

export const DeliveryCount = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  capped: Type.Boolean({ description: `There are ${countMax} or more.` }),
})

export const waitReasonCodes = [
  'destination_paused',
  'destination_disabled',
  'operation_paused',
  'lane_paused',
  'breaker_open',
  'throttled',
  'waiting_for_retry',
  'being_delivered',
  'receiver_full',
  'not_queued',
  'behind_others',
  'no_worker',
  'queue_down',
  'finished',
] as const

export const DeliveryExplanation = Type.Object({
  delivery_id: Type.String(),
  status: Type.Enum([...deliveryStates]),
  reasons: Type.Array(
    Type.Object({
      code: Type.Enum([...waitReasonCodes]),
      text: Type.String({ description: 'A sentence.' }),
      until: nullable.time,
      remedy: nullable.text,
    }),
    { description: 'Why it is where it is, the decisive reason first.' },
  ),
})

export const ResendBody = Type.Object(
  {
    confirm_duplicate: Type.Optional(
      Type.Boolean({ description: 'Needed for a delivery that was delivered: the receiver gets it again.' }),
    ),
  },
  { additionalProperties: false },
)

export const EditBody = Type.Object(
  {
    payload: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The body to send instead, as JSON.',
    }),
  },
  { additionalProperties: false },
)

/** What was made of a delivery: itself again, or a new one. */
export const ManualActionResult = Type.Object({
  delivery_id: Type.String(),
  status: Type.Enum([...deliveryStates]),
  made_from: Type.Union([Type.String(), Type.Null()], {
    description: 'The delivery it was made from; null when it is that one.',
  }),
})

export type DeliveryFilter = Static<typeof DeliveryFilter>
export type DeliverySummary = Static<typeof DeliverySummary>
export type DeliveryList = Static<typeof DeliveryList>
export type DeliveryCount = Static<typeof DeliveryCount>
export type DeliveryExplanation = Static<typeof DeliveryExplanation>
export type ManualActionResult = Static<typeof ManualActionResult>
