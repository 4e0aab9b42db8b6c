import type { HoldReason } from '../contract/system.ts'

/** What an evaluation has measured. */
export type Measurement =
  | FailureRate
  | DeadLetters
  | DisabledDestinations
  | (Backlog & { kind: 'queue_age' })
  | (Backlog & { kind: 'not_draining' })

/** The measured span of time. */
export interface AlertWindow {
  from: Date
  to: Date
}

/** Counts of the exports that were made in the window. */
export interface FailureRate {
  kind: 'failure_rate'
  window: AlertWindow
  /** Exports that were attempted at least once. */
  tried: number
  /** Exports that are dead letters, or that wait for a retry after a failed attempt. */
  failing: number
  /** The window has more exports. The newest were counted. */
  capped: boolean
}

export interface DeadLetters {
  kind: 'dead_letters'
  /** Starts when the oldest of them was made, which may be long before it became a dead letter. */
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
  /** The receiver's message; null without one. */
  reason: string | null
}

/** Due deliveries, without those of paused destinations and operations. */
export interface Backlog {
  /** Starts when the oldest of them was made. */
  window: AlertWindow
  due: number
  /** How long the oldest has been due; null when no delivery is due. */
  oldestSeconds: number | null
  capped: boolean
  /** The receivers for which further due deliveries wait, the one with the most first. They are not counted. */
  held?: readonly HeldReceiver[]
}

/** A receiver that is left alone for a time. */
export interface HeldReceiver {
  /** Name of the saved destination, else the receiver's host. */
  receiver: string
  reason: HoldReason
  count: number
}

/** The number of due deliveries at one time. The rule stores its samples as JSON. */
export interface BacklogSample {
  /** ISO 8601. */
  at: string
  due: number
}

/** Deliveries that fail or wait for the same reason. */
export interface AlertCause {
  count: number
  /** Cause code; null for deliveries that were not attempted yet. */
  cause: string | null
  /** Name of the saved destination, else the receiver's host. */
  receiver: string
  message: string | null
  remedy: string | null
}
