import { Type, type Static } from 'typebox'
import { lanes } from '../deliver/delivery.ts'
import { plainText } from './plain-text.ts'

/** The state that all sites share: `/api/system` and its lanes. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const count = Type.Integer({ minimum: 0 })

const forInstallationAdmins = 'Null unless the caller is admin of every site.'

const jobs = (description: string) =>
  Type.Union([count, Type.Null()], {
    description: `${description}, of all sites together. ${forInstallationAdmins}`,
  })

export const LaneView = Type.Object({
  lane: Type.Enum([...lanes]),
  waiting: jobs('Jobs that wait for a worker'),
  active: jobs('Jobs that a worker has taken'),
  delayed: jobs('Jobs for later'),
  failed: jobs('Jobs that failed with an error of our own'),
  paused: Type.Union([
    Type.Object({
      reason: Type.String(),
      by: Type.Union([Type.String(), Type.Null()], {
        description:
          'E-mail address of the user who paused it; null if the account was deleted. ' +
          forInstallationAdmins,
      }),
      at: time,
    }),
    Type.Null(),
  ]),
})

const coming = Type.Array(
  Type.Object({
    within_minutes: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Upper bound; the previous entry is the lower bound. Null for all later ones.',
    }),
    count,
  }),
)

const seconds = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const holdReasons = ['breaker_open', 'throttled'] as const
export type HoldReason = (typeof holdReasons)[number]

/** A receiver that is left alone for a time, and the due deliveries that wait for it. */
export const HeldReceiver = Type.Object({
  siteId: Type.Integer(),
  receiver: Type.String({ description: 'Host of the receiver.' }),
  destination_id: Type.Union([Type.String(), Type.Null()]),
  destination_name: Type.Union([Type.String(), Type.Null()]),
  reason: Type.Enum([...holdReasons], {
    description: 'breaker_open: it keeps failing. throttled: it asked for no requests for a time.',
  }),
  until: time,
  count,
})

export const drainStates = ['idle', 'held', 'no_worker', 'unknown', 'growing', 'draining'] as const

/** The backlog of a lane, from the database, so that it is available while the queue is down. */
export const LaneBacklog = Type.Object({
  lane: Type.Enum([...lanes]),
  due: Type.Integer({ minimum: 0, description: 'Due deliveries that only wait for a worker.' }),
  held_by_receiver: Type.Integer({
    minimum: 0,
    description: 'Due deliveries that wait for their receiver: see `held_receivers`. `due` leaves them out.',
  }),
  held: Type.Integer({ minimum: 0, description: 'Due deliveries whose destination or operation is paused.' }),
  oldest_due_seconds: seconds('Time since the oldest due delivery became due; null if none is due.'),
  coming,
  attempts_per_minute: Type.Number({
    minimum: 0,
    description: 'Of the deliveries that count: mean of the last five minutes.',
  }),
  draining: Type.Object({
    state: Type.Enum([...drainStates], {
      description:
        'idle: nothing is due. held: the lane is paused. no_worker: no worker runs. growing: more ' +
        'deliveries arrive than are attempted. unknown: no recent attempts.',
    }),
    per_minute: seconds('Growth in deliveries per minute, while growing.'),
    seconds_low: seconds('Time until nothing is due, if no more arrive.'),
    seconds_high: seconds('Time until nothing is due, if as many arrive as recently.'),
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
  max_bytes: Type.Union([Type.Number(), Type.Null()], { description: 'Null if the store sets no limit.' }),
  eviction_policy: orNull.text,
  clients: orNull.number,
  is_persistent: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Whether it logs writes to disk.',
  }),
  uptime_seconds: orNull.number,
})

export const systemScopes = ['all_sites', 'own_sites'] as const

export const SystemView = Type.Object({
  version: Type.String(),
  held: Type.Boolean({
    description: 'Whether GHOSTPOST_HOLD is true: the installation accepts exports and sends nothing.',
  }),
  scope: Type.Enum([...systemScopes], {
    description:
      'The deliveries that `backlog` counts: of all sites, for an admin of every site; otherwise of the ' +
      'sites in which the caller has a role.',
  }),
  checks: Type.Object({ database: Type.String(), queue: Type.String() }),
  lanes: Type.Union([Type.Array(LaneView), Type.Null()], {
    description: 'Null while the queue does not respond.',
  }),
  backlog: Type.Object({
    due: count,
    oldest_due_seconds: Type.Union([Type.Number(), Type.Null()]),
    retries: coming,
    lanes: Type.Array(LaneBacklog),
    held_receivers: Type.Array(HeldReceiver, {
      description: 'The receivers that are left alone for a time, at most twenty, the most deliveries first.',
    }),
    capped: Type.Boolean(),
  }),
  stores: Type.Object(
    {
      database: Type.Union([DatabaseStore, Type.Null()]),
      queue: Type.Union([QueueStore, Type.Null()]),
    },
    {
      description:
        'State reported by the stores; null for a store that does not respond. ' +
        `${forInstallationAdmins} Others find in \`checks\` whether a store works.`,
    },
  ),
  workers: Type.Array(
    Type.Object({
      id: Type.String(),
      host: Type.Union([Type.String(), Type.Null()], {
        description: `Name of its machine. ${forInstallationAdmins}`,
      }),
      version: Type.String(),
      concurrency: Type.Integer({ description: 'Most concurrent deliveries in each lane.' }),
      started_at: time,
      seen_at: time,
      other_version: Type.Boolean({
        description: 'Whether its version differs from the responding API’s version.',
      }),
    }),
  ),
  may_pause: Type.Boolean({ description: 'Whether the caller may pause lanes.' }),
  raw_queues: Type.Union([Type.String(), Type.Null()], {
    description: `Path of the raw queues; null if the page is off. ${forInstallationAdmins}`,
  }),
})

export const LaneParams = Type.Object({ lane: Type.Enum([...lanes]) })

export const LanePauseBody = Type.Object(
  { reason: plainText({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)

export type SystemView = Static<typeof SystemView>
export type LaneBacklog = Static<typeof LaneBacklog>
