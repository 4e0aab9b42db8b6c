/**
 * What a run did, as three parties saw it: the callers, the receivers, and the database. Times are milliseconds of one
 * monotonic clock, that of the fault suite: its callers and its receivers are in one process.
 */
export interface History {
  calls: readonly CallRecord[]
  /** Deliveries that a person asked to send again, and the API accepted it. */
  resends: readonly ResendRecord[]
  requests: readonly RequestRecord[]
  deliveries: readonly DeliveryRecord[]
  attempts: readonly AttemptRow[]
  moves: readonly MoveRecord[]
  ledgers: readonly LedgerRecord[]
  /** When workers were killed, frozen or cut off: what they had in flight has an outcome that nobody knows. */
  interruptions: readonly Interruption[]
}

/** A call of the API and its response. */
export interface CallRecord {
  /** The Idempotency-Key. */
  key: string
  sentAt: number
  respondedAt: number
  /** Null when no response arrived. */
  status: number | null
  deliveryId: string | null
}

export interface ResendRecord {
  deliveryId: string
  at: number
}

/** A request that a receiver got whole. */
export interface RequestRecord {
  /** Null for a request that belongs to no known delivery. */
  deliveryId: string | null
  receivedAt: number
  /** The status of the receiver's response; null when it sent none. */
  status: number | null
  /** When the response had left the receiver; null when the connection was closed before. */
  respondedAt: number | null
  bodyDigest: string
  /** How far the signature's timestamp was from the receiver's clock, in seconds; null without a signature. */
  clockDifferenceSeconds: number | null
}

export interface DeliveryRecord {
  id: string
  /** The receiver shows a repeated request as a second message. */
  isChat: boolean
  state: string
  attempts: number
  /** A member of an operation, which no call of an API acknowledged. */
  isMember: boolean
}

export interface AttemptRow {
  deliveryId: string
  number: number
  outcome: string
  decision: string
  outcomeUnknown: boolean
  status: number | null
}

/** A change of a delivery's state, as the database saw it. */
export interface MoveRecord {
  deliveryId: string
  /** Null for a new delivery. */
  from: string | null
  to: string
}

export interface LedgerRecord {
  operationId: string
  state: string
  /** How many members the plan found. */
  matched: number
  lines: readonly { deliveryId: string | null; outcome: string }[]
}

export interface Interruption {
  from: number
  to: number
}
