import { Type, type Static, type TOptional, type TString } from 'typebox'
import { deliveryStates } from '../deliver/delivery.ts'
import { waitReasonCodes } from '../deliver/explain-wait.ts'
import { deliveryFilters, waitKinds } from './delivery-filters.ts'
import { LastError, WebhookTypeName } from './webhook.ts'

/** The delivery log `/api/deliveries`, and the manual actions on a delivery. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

export const listLimitMax = 200
export const deliverySorts = ['created', 'next_attempt'] as const
/** Counting stops here; `capped` then means "10000 or more". */
export const countMax = 10_000

type FilterFields = { [Field in keyof typeof deliveryFilters]: TOptional<TString> }

/** The fields of a filter, each optional. */
export const filterFields = Object.fromEntries(
  Object.entries(deliveryFilters).map(([name, { schema }]) => [name, Type.Optional(Type.String(schema))]),
) as FilterFields

export const DeliveryFilter = Type.Object(filterFields, { additionalProperties: false })

const siteIdText = Type.Optional(
  Type.String({ pattern: '^[1-9]\\d{0,9}$', description: 'The site; 4 by default.' }),
)

export const DeliveryListQuery = Type.Object(
  {
    ...filterFields,
    siteId: siteIdText,
    limit: Type.Optional(
      Type.String({ pattern: '^([1-9]|[1-9]\\d|1\\d\\d|200)$', description: '1 to 200; 50 by default.' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'The `next` of the previous page.' })),
    sort: Type.Optional(
      Type.Enum([...deliverySorts], {
        description:
          'created: newest first, the default. next_attempt: only unfinished deliveries, the one that is ' +
          'attempted next first.',
      }),
    ),
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
    format: Type.Optional(Type.Enum(['csv', 'ndjson'], { description: 'csv by default.' })),
  },
  { additionalProperties: false },
)

/** What a delivery that is queued or retrying waits for. */
export const Wait = Type.Union(
  [
    Type.Object({
      for: Type.Enum([...waitKinds], {
        description:
          'due: a worker. held: its receiver, which is left alone until a time. paused: its destination, its ' +
          'operation or its lane is paused. scheduled: the time of its next attempt.',
      }),
      until: nullable.time,
    }),
    Type.Null(),
  ],
  { description: 'What it waits for; null unless it is queued or retrying.' },
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
  wait: Wait,
  last_error: Type.Union([LastError, Type.Null()]),
  last_response_status: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Status of the newest attempt’s response; null if there was none.',
  }),
  failure: Type.Union([Type.String(), Type.Null()], {
    description: 'Fingerprint of the delivery’s failure group.',
  }),
  recovered_by: Type.Union([Type.String(), Type.Null()], {
    description: 'For a dead letter: the delivery made from it that was delivered.',
  }),
  operation_id: nullable.text,
  sample: Type.Boolean(),
  alert_rule_id: Type.Union([Type.String(), Type.Null()], {
    description: 'The alert rule of a notification; null for an export.',
  }),
})

export const DeliveryList = Type.Object({
  items: Type.Array(DeliverySummary, { description: 'Newest first.' }),
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'Cursor of the next page; null at the end. A short or empty page can still have a next one.',
  }),
  searched_back_to: Type.Union([time, Type.Null()], {
    description:
      'How far back the search has looked, if it stopped before the page was full because few deliveries match.',
  }),
})

export const DeliveryCount = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  capped: Type.Boolean({ description: `Whether there are ${countMax} or more.` }),
})

export const WaitReasonView = Type.Object({
  code: Type.Enum([...waitReasonCodes]),
  text: Type.String({ description: 'A sentence.' }),
  until: nullable.time,
  remedy: nullable.text,
})

export const DeliveryExplanation = Type.Object({
  delivery_id: Type.String(),
  status: Type.Enum([...deliveryStates]),
  reasons: Type.Array(WaitReasonView, {
    description: 'Why the delivery is in its state, the decisive reason first.',
  }),
})

export const ResendBody = Type.Object(
  {
    confirm_duplicate: Type.Optional(
      Type.Boolean({ description: 'Required for a delivered delivery, because the receiver gets it again.' }),
    ),
  },
  { additionalProperties: false },
)

export const EditBody = Type.Object(
  {
    payload: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The JSON body to send instead.',
    }),
  },
  { additionalProperties: false },
)

/** The delivery that a manual action made due: the same one, or a copy. */
export const ManualActionResult = Type.Object({
  delivery_id: Type.String(),
  status: Type.Enum([...deliveryStates]),
  made_from: Type.Union([Type.String(), Type.Null()], {
    description: 'The delivery this one was copied from; null if it is the same delivery.',
  }),
})

export type DeliveryFilter = Static<typeof DeliveryFilter>
export type DeliveryCountQuery = Static<typeof DeliveryCountQuery>
export type DeliverySummary = Static<typeof DeliverySummary>
export type DeliveryList = Static<typeof DeliveryList>
export type DeliveryCount = Static<typeof DeliveryCount>
export type WaitReasonView = Static<typeof WaitReasonView>
export type DeliveryExplanation = Static<typeof DeliveryExplanation>
export type ManualActionResult = Static<typeof ManualActionResult>
