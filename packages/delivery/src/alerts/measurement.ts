/** What was found when a rule was looked at. */
export type Measurement =
  | FailureRate
  | DeadLetters
  | DisabledDestinations
  | (Backlog & { kind: 'queue_age' })
  | (Backlog & { kind: 'not_draining' })

/** What was looked at, from … to. */
export interface AlertWindow {
  from: Date
  to: Date
}

/** Of the exports made in the window. */
export interface FailureRate {
  kind: 'failure_rate'
  window: AlertWindow
  /** Those tried at least once. */
  tried: number
  /** Those that failed for good, or wait for a retry after a failed attempt. */
  failing: number
  /** There were more; the newest were counted. */
  capped: boolean
}

interface DeadLetters {
  kind: 'dead_letters'
  /** From when the oldest of them was made, which may be long before it was given up on. */
  window: AlertWindow
  count: number
  capped: boolean
}

export interface DisabledDestinations {
  kind: 'destination_disabled'
  window: AlertWindow
  destinations: readonly DisabledDestination[]
}

export interface DisabledDestination {
  id: string
  name: string
  receiver: string
  /** What the receiver said. */
  reason: string | null
}

/** Deliveries that are due and that nobody holds back. */
export interface Backlog {
  /** From when the oldest of them was made. */
  window: AlertWindow
  due: number
  /** How long the one that waits longest has been due; null when none is. */
  oldestSeconds: number | null
  capped: boolean
}

/** How many were due at a moment. Kept as JSON with the rule. */
export interface BacklogSample {
  /** ISO 8601. */
  at: string
  due: number
}

/** Deliveries that fail or wait for the same reason. */
export interface AlertCause {
  count: number
  /** Cause code; null for what has not been tried yet. */
  cause: string | null
  /** Name of the saved destination, else the receiver's host. */
  receiver: string
  message: string | null
  remedy: string | null
}
