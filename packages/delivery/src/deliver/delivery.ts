/** Every state of a delivery. A test compares the diagram in ARCHITECTURE.md with this list and `legalMoves`. */
export const deliveryStates = [
  'queued',
  'delivering',
  'retrying',
  'delivered',
  'failed',
  'cancelled',
] as const

export type DeliveryState = (typeof deliveryStates)[number]

/**
 * Every legal move. A worker that releases an unused claim moves `delivering` to `queued` or `retrying` without an
 * attempt. A resend moves a finished delivery to `queued`. From `delivering` to `cancelled`: a newer snapshot of the
 * same visitor has been delivered in the meantime. From `retrying` and `failed` to `delivered`, `failed` and
 * `retrying`: the attempt was recorded as interrupted, and then its worker recorded the known outcome.
 */
export const legalMoves: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['delivering', 'cancelled'],
  delivering: ['delivered', 'retrying', 'failed', 'queued', 'cancelled'],
  retrying: ['delivering', 'delivered', 'failed', 'cancelled'],
  delivered: ['queued'],
  failed: ['queued', 'delivered', 'retrying'],
  cancelled: ['queued'],
}

export function isLegalMove(from: DeliveryState, to: DeliveryState): boolean {
  return legalMoves[from].includes(to)
}

const finishedStates: ReadonlySet<DeliveryState> = new Set(['delivered', 'failed', 'cancelled'])

/** True when no worker attempts the delivery again unless a person or an operation resends it. */
export function isFinished(state: DeliveryState): boolean {
  return finishedStates.has(state)
}

export const lanes = ['live', 'retry', 'bulk'] as const

/** Live, retry and bulk traffic have separate lanes, so that none starves another. */
export type Lane = (typeof lanes)[number]

/**
 * Members of an operation are bulk. Of all others, first attempts are live and later attempts are retries.
 * @param attemptsMade in the current series of attempts
 */
export function laneOf(attemptsMade: number, operationId: string | null = null): Lane {
  if (operationId !== null) return 'bulk'
  return attemptsMade === 0 ? 'live' : 'retry'
}

/** The state of a delivery after an attempt, reported to the waiting caller. Crosses the queue as JSON. */
export interface Settlement {
  deliveryId: string
  state: DeliveryState
  attempts: number
  deliveredAt: string | null
  nextAttemptAt: string | null
  error: SettlementError | null
}

interface SettlementError {
  code: string
  message: string
  responseStatus: number | null
}
