/** Every state of a delivery and every legal move between them. The diagram in ARCHITECTURE.md is checked against this file. */
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
 * `delivering → queued` and `delivering → retrying` without an attempt happen when a stopping worker hands back
 * a claim it has not used. A finished delivery moves only when somebody sends it again (`→ queued`); `delivering →
 * cancelled` happens when a newer snapshot of the same visitor has been delivered meanwhile.
 */
export const legalMoves: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['delivering', 'cancelled'],
  delivering: ['delivered', 'retrying', 'failed', 'queued', 'cancelled'],
  retrying: ['delivering', 'cancelled'],
  delivered: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
}

export function isLegalMove(from: DeliveryState, to: DeliveryState): boolean {
  return legalMoves[from].includes(to)
}

const finishedStates: ReadonlySet<DeliveryState> = new Set(['delivered', 'failed', 'cancelled'])

/** A finished delivery is never attempted again by itself. */
export function isFinished(state: DeliveryState): boolean {
  return finishedStates.has(state)
}

export const lanes = ['live', 'retry', 'bulk'] as const

/** Live, retry and bulk traffic wait in lanes of their own, so that none starves another. */
export type Lane = (typeof lanes)[number]

/**
 * What belongs to an operation is bulk; of the rest, first attempts are live traffic and everything after is a retry.
 * @param attemptsMade in this series of attempts
 */
export function laneOf(attemptsMade: number, operationId: string | null = null): Lane {
  if (operationId !== null) return 'bulk'
  return attemptsMade === 0 ? 'live' : 'retry'
}

/** Where a delivery stands after an attempt settled: what a waiting caller is told. Crosses the queue as JSON. */
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
