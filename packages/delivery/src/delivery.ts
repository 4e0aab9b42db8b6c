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
 * a claim it has not used.
 */
export const legalMoves: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['delivering', 'cancelled'],
  delivering: ['delivered', 'retrying', 'failed', 'queued'],
  retrying: ['delivering', 'cancelled'],
  delivered: [],
  failed: [],
  cancelled: [],
}

export function isLegalMove(from: DeliveryState, to: DeliveryState): boolean {
  return legalMoves[from].includes(to)
}

/** A finished delivery is never attempted again by itself. */
export function isFinished(state: DeliveryState): boolean {
  return legalMoves[state].length === 0
}

export const lanes = ['live', 'retry'] as const

/** Live and retry traffic wait in lanes of their own, so that neither starves the other. */
export type Lane = (typeof lanes)[number]

/** First attempts are live traffic; everything after is a retry. */
export function laneOf(attemptsMade: number): Lane {
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

export interface SettlementError {
  code: string
  message: string
  responseStatus: number | null
}
