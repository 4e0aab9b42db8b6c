import { Type, type Static } from 'typebox'
import { lanes } from '../delivery.ts'

/** What all sites share: `/api/system` and its lanes. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const count = Type.Integer({ minimum: 0 })

export const LaneView = Type.Object({
  lane: Type.Enum([...lanes]),
  waiting: count,
  active: count,
  delayed: count,
  paused: Type.Union([
    Type.Object({
      reason: Type.String(),
      by: Type.Union([Type.String(), Type.Null()], { description: 'E-mail address.' }),
      at: time,
    }),
    Type.Null(),
  ]),
})

export const SystemView = Type.Object({
  version: Type.String(),
  checks: Type.Object({ database: Type.String(), queue: Type.String() }),
  lanes: Type.Union([Type.Array(LaneView), Type.Null()], {
    description: 'Null while the queue does not answer.',
  }),
  backlog: Type.Object({
    due: count,
    oldest_due_seconds: Type.Union([Type.Number(), Type.Null()]),
    retries: Type.Array(
      Type.Object({
        within_minutes: Type.Union([Type.Integer(), Type.Null()], {
          description: 'And later than the one before; null for all after.',
        }),
        count,
      }),
    ),
    capped: Type.Boolean(),
  }),
  workers: Type.Array(
    Type.Object({
      id: Type.String(),
      host: Type.String(),
      version: Type.String(),
      concurrency: Type.Integer({ description: 'Deliveries at once in each lane.' }),
      started_at: time,
      seen_at: time,
      other_version: Type.Boolean({ description: 'Not the version of the API that answers.' }),
    }),
  ),
  may_pause: Type.Boolean({ description: 'Whether the caller may hold lanes.' }),
})

export const LaneParams = Type.Object({ lane: Type.Enum([...lanes]) })

export const LanePauseBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)

export type SystemView = Static<typeof SystemView>
