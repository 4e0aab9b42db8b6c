import { Type, type Static } from 'typebox'
import { DeliveryFilter } from './delivery-log.ts'
import { WebhookTypeName } from './webhook.ts'

/** Operations: many deliveries resent, re-exported or exported at once. `/api/operations`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

export const operationKinds = ['resend', 're_export', 'export'] as const
export const operationStates = ['planned', 'running', 'paused', 'completed', 'cancelled', 'expired'] as const
export const itemOutcomes = ['waiting', 'delivered', 'failed', 'skipped', 'cancelled'] as const
export const skipReasons = [
  'unfinished',
  'state_changed',
  'payload_gone',
  'visitor_gone',
  'destination_gone',
  'destination_disabled',
  'destination_paused',
  'superseded',
] as const

export type SkipReason = (typeof skipReasons)[number]

export const planWarnings = [
  'duplicates',
  'possible_duplicates',
  'skips_not_counted',
  'superseded_not_counted',
] as const

export const operationIdsMax = 10_000
export const canarySize = 10

/** Visitors to export afresh. */
export const VisitorFilter = Type.Object(
  {
    identified: Type.Optional(
      Type.Boolean({ description: 'Only visitors the site has a name for, or only others.' }),
    ),
    score_min: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    country: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    seen_from: Type.Optional(
      Type.String({ format: 'date-time', description: 'Last seen at this time or later.' }),
    ),
    seen_to: Type.Optional(Type.String({ format: 'date-time', description: 'Last seen before this time.' })),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const PlanBody = Type.Object(
  {
    siteId: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    kind: Type.Enum([...operationKinds], {
      description:
        'resend: the stored bytes, under the same webhook-id. re_export: fresh data, as new deliveries. export: visitors to a saved destination.',
    }),
    filter: Type.Optional(DeliveryFilter),
    delivery_ids: Type.Optional(
      Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: operationIdsMax }),
    ),
    visitors: Type.Optional(VisitorFilter),
    destination_id: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'For export: where to. For re_export: somewhere else than before.',
      }),
    ),
    rate: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'Deliveries a second at most; 50 unless given.',
      }),
    ),
    canary: Type.Optional(
      Type.Boolean({ description: `Send ${canarySize} first and stop if too many fail; true unless given.` }),
    ),
  },
  { additionalProperties: false },
)

export const OperationCounts = Type.Object({
  matched: Type.Integer({ minimum: 0, description: 'What the plan found; at most that many are done.' }),
  waiting: Type.Integer({ minimum: 0, description: 'Begun and not settled.' }),
  delivered: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  skipped: Type.Integer({ minimum: 0 }),
  cancelled: Type.Integer({ minimum: 0 }),
  changed: Type.Integer({
    minimum: 0,
    description:
      'In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`.',
  }),
})

export const OperationView = Type.Object({
  operation_id: Type.String(),
  siteId: Type.Integer(),
  kind: Type.Enum([...operationKinds]),
  state: Type.Enum([...operationStates]),
  state_reason: nullable.text,
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Why somebody ran it.' }),
  filter: Type.Record(Type.String(), Type.Unknown(), {
    description: 'As it was frozen: filter, ids or visitors.',
  }),
  destination_id: nullable.text,
  rate: Type.Integer(),
  canary: Type.Enum(['off', 'pending', 'running', 'passed', 'failed']),
  counts: OperationCounts,
  skipped_because: Type.Record(Type.String(), Type.Integer()),
  failed_into: Type.Array(
    Type.Object({
      failure: Type.String({ description: 'Fingerprint of a failure group.' }),
      count: Type.Integer(),
    }),
    { description: 'The failure groups its failed members are in now.' },
  ),
  watermark: Type.Object(
    { at: time, note: Type.String() },
    { description: 'Nothing newer than this is touched.' },
  ),
  progress: Type.Number({ minimum: 0, maximum: 1 }),
  seconds_left: Type.Union([Type.Number(), Type.Null()], {
    description: 'An estimate; null when there is none.',
  }),
  created_by: Type.String({ description: 'E-mail address.' }),
  created_at: time,
  started_at: nullable.time,
  finished_at: nullable.time,
})

/** What would happen, before anything does. Good for an hour. */
export const PlanView = Type.Object({
  operation: OperationView,
  matched: Type.Integer({ minimum: 0 }),
  capped: Type.Boolean({ description: 'There are more; the operation covers those counted.' }),
  by_type: Type.Array(Type.Object({ webhook_type: WebhookTypeName, count: Type.Integer() })),
  by_cause: Type.Array(Type.Object({ cause: nullable.text, count: Type.Integer() })),
  by_receiver: Type.Array(
    Type.Object({
      receiver: Type.String({ description: 'Host of the receiver.' }),
      destination_id: nullable.text,
      destination_name: nullable.text,
      count: Type.Integer(),
    }),
    { description: 'Where it goes; the twenty with the most.' },
  ),
  will_skip: Type.Array(Type.Object({ reason: Type.Enum([...skipReasons]), count: Type.Integer() }), {
    description: 'As things stand now. What is not counted, as there are too many, a warning says.',
  }),
  warnings: Type.Array(
    Type.Object({
      code: Type.Enum([...planWarnings]),
      text: Type.String(),
      count: Type.Union([Type.Integer(), Type.Null()], { description: 'Of how many members it is true.' }),
    }),
  ),
  estimated_seconds: Type.Number({
    minimum: 0,
    description:
      'At the rate asked for, and no faster than an operation can go; a slow receiver makes it longer.',
  }),
  expires_at: time,
})

export const OperationBody = Type.Object(
  {
    operation_id: Type.String({ format: 'uuid', description: 'Of the plan.' }),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)

export const PauseBody = Type.Object(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
  { additionalProperties: false },
)

export const OperationQuery = Type.Object(
  {
    siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$' })),
    cursor: Type.Optional(Type.String({ maxLength: 100 })),
  },
  { additionalProperties: false },
)

export const OperationList = Type.Object({
  items: Type.Array(OperationView, { description: 'Newest first; plans that were never run are left out.' }),
  next: nullable.text,
})

export const OperationParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const ItemQuery = Type.Object(
  {
    outcome: Type.Optional(Type.Enum([...itemOutcomes])),
    cursor: Type.Optional(Type.String({ maxLength: 100 })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9]|[1-9]\\d|1\\d\\d|200)$' })),
  },
  { additionalProperties: false },
)

/** One line of an operation's ledger. */
export const OperationItem = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  delivery_id: Type.Union([Type.String(), Type.Null()], {
    description: 'What was sent; null when it was skipped.',
  }),
  source_delivery_id: nullable.text,
  ghost_vid: Type.String(),
  identified_user: Type.Union([Type.String(), Type.Null()], {
    description: 'What the site calls this visitor now.',
  }),
  outcome: Type.Enum([...itemOutcomes]),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: 'Why skipped, or the cause of the failure.',
  }),
})

export const ItemList = Type.Object({ items: Type.Array(OperationItem), next: nullable.text })

export type PlanBody = Static<typeof PlanBody>
export type PlanView = Static<typeof PlanView>
export type OperationView = Static<typeof OperationView>
export type OperationItem = Static<typeof OperationItem>
export type VisitorFilter = Static<typeof VisitorFilter>
