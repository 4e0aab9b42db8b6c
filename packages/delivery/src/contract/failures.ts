import { Type, type Static } from 'typebox'
import { WebhookTypeName } from './webhook.ts'
import { plainText } from './plain-text.ts'

/** Failure groups: dead letters with the same cause at the same receiver. `/api/failures`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

export const failureStates = ['open', 'acknowledged', 'ignored', 'resolved'] as const

export const FailureQuery = Type.Object(
  {
    siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$' })),
    state: Type.Optional(Type.Enum([...failureStates])),
  },
  { additionalProperties: false },
)

export const FailureSiteQuery = Type.Object(
  { siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$' })) },
  { additionalProperties: false },
)

export const FailureGroup = Type.Object({
  fingerprint: Type.String({ description: 'Stable id of the group.' }),
  siteId: Type.Integer(),
  webhook_type: WebhookTypeName,
  cause: Type.String({ description: 'Cause code.' }),
  receiver: Type.String({ description: 'Host of the receiver.' }),
  destination_id: nullable.text,
  destination_name: nullable.text,
  message: Type.String({ description: 'Error message of the newest member.' }),
  remedy: nullable.text,
  count: Type.Integer({ minimum: 0, description: 'Current number of dead letters, without recovered ones.' }),
  recovered: Type.Integer({
    minimum: 0,
    description: 'Members that were sent again, by an operation or as a copy, and were delivered.',
  }),
  capped: Type.Boolean({ description: 'Whether there are more; only the newest were counted.' }),
  last_15_minutes: Type.Integer({ minimum: 0 }),
  last_hour: Type.Integer({ minimum: 0 }),
  last_day: Type.Integer({ minimum: 0 }),
  last_week: Type.Integer({ minimum: 0 }),
  first_seen: time,
  last_seen: time,
  sample_delivery_id: Type.String({ description: 'The newest member.' }),
  state: Type.Enum([...failureStates]),
  reopened: Type.Boolean({ description: 'Whether it failed again after it was resolved.' }),
  ignored_until: nullable.time,
  note: nullable.text,
  replays: Type.Object(
    {
      resent: Type.Integer({ description: 'Members that operations of any kind resent.' }),
      delivered: Type.Integer(),
      failed_again: Type.Integer({
        description: 'Failed again for the same cause; they are in this group again.',
      }),
      moved: Type.Integer({ description: 'Failed for another cause; they are in another group now.' }),
    },
    { description: 'Results of operations on this group.' },
  ),
})

export const FailureList = Type.Object({
  items: Type.Array(FailureGroup, { description: 'The largest group first.' }),
})

export const FailureParams = Type.Object({ fingerprint: Type.String({ maxLength: 64 }) })

export const FailureChanges = Type.Object(
  {
    state: Type.Enum([...failureStates], {
      description: 'resolved: reopens at the next failure. ignored: requires ignored_until.',
    }),
    ignored_until: Type.Optional(Type.String({ format: 'date-time' })),
    note: Type.Optional(Type.Union([plainText({ maxLength: 1_000 }), Type.Null()])),
  },
  { additionalProperties: false },
)

export type FailureGroup = Static<typeof FailureGroup>
export type FailureChanges = Static<typeof FailureChanges>
