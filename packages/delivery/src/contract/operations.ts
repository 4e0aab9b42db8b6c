import { Type, type Static } from 'typebox'
import { DeliveryFilter } from './delivery-log.ts'
import { WebhookTypeName } from './webhook.ts'
import { plainText } from './plain-text.ts'

/** Operations: many deliveries resent, re-exported, exported or cancelled at once. `/api/operations`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

export const operationKinds = ['resend', 're_export', 'export', 'cancel'] as const
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
  'unchanged',
  'recovered',
  'not_waiting',
  'being_sent',
] as const

export type SkipReason = (typeof skipReasons)[number]

export const planWarnings = [
  'duplicates',
  'possible_duplicates',
  'skips_not_counted',
  'superseded_not_counted',
] as const

export const operationIdsMax = 10_000
export const visitorIdsMax = 1_000
export const canarySize = 10

/** A filter for visitors to export. */
export const VisitorFilter = Type.Object(
  {
    identified: Type.Optional(
      Type.Boolean({
        description: 'true: only visitors with an id at the site; false: only visitors without.',
      }),
    ),
    ghost_vids: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 400 }), {
        minItems: 1,
        maxItems: visitorIdsMax,
        description: 'Only these visitors.',
      }),
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
        'resend: sends the stored payloads with the same webhook-id. re_export: sends fresh data as ' +
        'new deliveries. export: sends visitors to a saved destination. cancel: cancels deliveries that wait.',
    }),
    filter: Type.Optional(DeliveryFilter),
    delivery_ids: Type.Optional(
      Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: operationIdsMax }),
    ),
    visitors: Type.Optional(VisitorFilter),
    destination_id: Type.Optional(
      Type.String({
        format: 'uuid',
        description:
          'The saved destination to send to. Required for export; for re_export it replaces the original ' +
          'one.',
      }),
    ),
    include_recovered: Type.Optional(
      Type.Boolean({
        description:
          'Also send members that are recovered: a copy of them was delivered. False by default: they are ' +
          'skipped.',
      }),
    ),
    rate: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'Most deliveries per second; 50 by default, 1000 to cancel.',
      }),
    ),
    canary: Type.Optional(
      Type.Boolean({ description: `Send ${canarySize} first and stop if too many fail; true by default.` }),
    ),
  },
  { additionalProperties: false, examples: [{ kind: 're_export', filter: { status: 'failed' }, rate: 10 }] },
)

export const OperationCounts = Type.Object({
  matched: Type.Integer({
    minimum: 0,
    description: 'Members that the plan found; the operation covers at most these.',
  }),
  waiting: Type.Integer({ minimum: 0, description: 'Members that are begun but not settled.' }),
  delivered: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  skipped: Type.Integer({ minimum: 0 }),
  cancelled: Type.Integer({
    minimum: 0,
    description:
      'Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a ' +
      'cancelled operation lists the members that it never began with the reason `never_begun`.',
  }),
  changed: Type.Integer({
    minimum: 0,
    description:
      'Planned members that no longer matched the filter when their turn came, for example because ' +
      'somebody else had sent them. They have no line in the ledger; with them the counts add up to ' +
      '`matched`.',
  }),
})

export const OperationView = Type.Object({
  operation_id: Type.String(),
  siteId: Type.Integer(),
  kind: Type.Enum([...operationKinds]),
  state: Type.Enum([...operationStates]),
  state_reason: nullable.text,
  reason: Type.Union([Type.String(), Type.Null()], { description: 'The reason that the user gave.' }),
  filter: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The frozen selection: filter, ids or visitors.',
  }),
  destination_id: nullable.text,
  include_recovered: Type.Boolean({ description: 'Whether it also sends recovered members.' }),
  rate: Type.Integer(),
  canary: Type.Enum(['off', 'pending', 'running', 'passed', 'failed']),
  counts: OperationCounts,
  skipped_because: Type.Record(Type.String(), Type.Integer()),
  failed_into: Type.Array(
    Type.Object({
      failure: Type.String({ description: 'Fingerprint of a failure group.' }),
      count: Type.Integer(),
    }),
    { description: 'The failure groups of the failed members.' },
  ),
  watermark: Type.Object(
    { at: time, note: Type.String() },
    { description: 'The operation covers nothing newer than this.' },
  ),
  progress: Type.Number({ minimum: 0, maximum: 1 }),
  seconds_left: Type.Union([Type.Number(), Type.Null()], {
    description: 'Estimate; null if unknown.',
  }),
  created_by: Type.String({ description: 'E-mail address.' }),
  created_at: time,
  started_at: nullable.time,
  finished_at: nullable.time,
})

/** A preview of an operation. It expires after an hour. */
export const PlanView = Type.Object({
  operation: OperationView,
  matched: Type.Integer({ minimum: 0 }),
  capped: Type.Boolean({ description: 'Whether there are more; the operation covers only those counted.' }),
  by_type: Type.Array(Type.Object({ webhook_type: WebhookTypeName, count: Type.Integer() })),
  by_cause: Type.Array(Type.Object({ cause: nullable.text, count: Type.Integer() })),
  by_receiver: Type.Array(
    Type.Object({
      receiver: Type.String({ description: 'Host of the receiver.' }),
      destination_id: nullable.text,
      destination_name: nullable.text,
      count: Type.Integer(),
    }),
    { description: 'The twenty receivers with the most members.' },
  ),
  will_skip: Type.Array(Type.Object({ reason: Type.Enum([...skipReasons]), count: Type.Integer() }), {
    description:
      'Members that would be skipped now. A warning says which reasons were not counted because of too ' +
      'many members.',
  }),
  warnings: Type.Array(
    Type.Object({
      code: Type.Enum([...planWarnings]),
      text: Type.String(),
      count: Type.Union([Type.Integer(), Type.Null()], { description: 'Number of members it applies to.' }),
    }),
  ),
  estimated_seconds: Type.Number({
    minimum: 0,
    description:
      'Duration at the requested rate, but not faster than an operation can run. A slow receiver takes longer.',
  }),
  expires_at: time,
})

export const OperationBody = Type.Object(
  {
    operation_id: Type.String({ format: 'uuid', description: 'The id of the plan.' }),
    reason: Type.Optional(plainText({ maxLength: 500 })),
  },
  { additionalProperties: false },
)

export const PauseBody = Type.Object(
  { reason: Type.Optional(plainText({ minLength: 1, maxLength: 500 })) },
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
  items: Type.Array(OperationView, { description: 'Newest first, without plans that were never started.' }),
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
    description: 'The delivery that was sent; null if it was skipped.',
  }),
  source_delivery_id: nullable.text,
  ghost_vid: Type.String(),
  identified_user: Type.Union([Type.String(), Type.Null()], {
    description: 'The visitor’s current id at the site.',
  }),
  outcome: Type.Enum([...itemOutcomes]),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it was skipped, or the cause of the failure.',
  }),
})

export const ItemList = Type.Object({ items: Type.Array(OperationItem), next: nullable.text })

export type PlanBody = Static<typeof PlanBody>
export type PlanView = Static<typeof PlanView>
export type OperationView = Static<typeof OperationView>
export type OperationItem = Static<typeof OperationItem>
export type VisitorFilter = Static<typeof VisitorFilter>
