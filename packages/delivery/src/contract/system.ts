import { Type, type Static } from 'typebox'
import { lanes } from '../deliver/delivery.ts'

/** What all sites share: `/api/system` and its lanes. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const count = Type.Integer({ minimum: 0 })

export const LaneView = Type.Object({
  lane: Type.Enum([...lanes]),
  waiting: count,
  active: count,
  delayed: count,
  failed: Type.Integer({ minimum: 0, description: 'Given up by the queue itself: a fault of ours.' }),
  paused: Type.Union([
    Type.Object({
      reason: Type.String(),
      by: Type.Union([Type.String(), Type.Null()], { description: 'E-mail address.' }),
      at: time,
    }),
    Type.Null(),
  ]),
})

const coming = Type.Array(
  Type.Object({
    within_minutes: Type.Union([Type.Integer(), Type.Null()], {
      description: 'And later than the one before; null for all after.',
    }),
    count,
  }),
)

const seconds = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const drainStates = ['idle', 'held', 'no_worker', 'unknown', 'growing', 'draining'] as const

/** What waits in a lane, as the database knows it: so also while the queue does not answer. */
export const LaneBacklog = Type.Object({
  lane: Type.Enum([...lanes]),
  due: count,
  held: Type.Integer({ minimum: 0, description: 'Due, but their destination or operation is paused.' }),
  oldest_due_seconds: seconds('How long the one that waits longest has been due; null when none is.'),
  coming,
  attempts_per_minute: Type.Number({ minimum: 0, description: 'Over the last five minutes.' }),
  draining: Type.Object({
    state: Type.Enum([...drainStates], {
      description:
        'idle: nothing is due. held, no_worker: nothing is taken. growing: more comes than is done. unknown: nothing was done lately.',
    }),
    per_minute: seconds('How fast it grows, while it does.'),
    seconds_low: seconds('Until nothing is due, if nothing more came.'),
    seconds_high: seconds('The same, if as much comes as did lately.'),
  }),
})

const DatabaseStore = Type.Object({
  version: Type.String(),
  latency_ms: Type.Number(),
  size_bytes: Type.Number(),
  connections: Type.Integer(),
  connections_max: Type.Integer(),
})

const orNull = {
  number: Type.Union([Type.Number(), Type.Null()]),
  text: Type.Union([Type.String(), Type.Null()]),
}

const QueueStore = Type.Object({
  kind: Type.Enum(['redis', 'postgres']),
  version: orNull.text,
  latency_ms: Type.Number(),
  used_bytes: orNull.number,
  max_bytes: Type.Union([Type.Number(), Type.Null()], { description: 'Null for no limit of its own.' }),
  eviction_policy: orNull.text,
  clients: orNull.number,
  is_persistent: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Whether it keeps a log on disk.',
  }),
  uptime_seconds: orNull.number,
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
    retries: coming,
    lanes: Type.Array(LaneBacklog),
    capped: Type.Boolean(),
  }),
  stores: Type.Object(
    {
      database: Type.Union([DatabaseStore, Type.Null()]),
      queue: Type.Union([QueueStore, Type.Null()]),
    },
    { description: 'What the stores say of themselves; null for one that does not answer.' },
  ),
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
  raw_queues: Type.Union([Type.String(), Type.Null()], {
    description: 'Path of the queues themselves, for admins of every site; null where that is switched off.',
  }),
})

export const LaneParams = Type.Object({ lane: Type.Enum([...lanes]) })

export const LanePauseBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)

export type SystemView = Static<typeof SystemView>
export type LaneBacklog = Static<typeof LaneBacklog>
