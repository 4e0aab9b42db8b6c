import type { Admission, BreakerState, BudgetLimits, BudgetReport } from '@ghostpost/delivery/receivers'

/** One request to a receiver, before it is sent or after. */
export interface BudgetRequest {
  /** Key of the receiver's budget. */
  key: string
  /** Id of its slot; the same id takes the same slot again. */
  slotId: string
  limits: BudgetLimits
  /** Send it although the circuit breaker is open. */
  probe?: boolean
}

/** The present state of a receiver's budget. */
export interface BudgetReading {
  breaker: BreakerState
  openUntil: Date | null
  /** Until when the receiver asked for no requests. */
  blockedUntil: Date | null
  inFlight: number
  /** How many requests may be in flight now; 0 while the breaker is open. */
  room: number
  /** Moving mean of the duration of a request; 0 when unknown. */
  meanMs: number
}

/** A store of budgets: Redis, shared by all workers, or this process. */
export interface BudgetStore {
  admit: (request: BudgetRequest) => Promise<Admission>
  /** Frees the slot. Resolves to the breaker's state before and after. */
  report: (request: BudgetRequest, use: BudgetReport) => Promise<BreakerChange>
  read: (key: string, limits: BudgetLimits) => Promise<BudgetReading>
  /** Closes the circuit breaker and forgets the failures. Resolves to the breaker's state before. */
  closeBreaker: (key: string, limits: BudgetLimits) => Promise<BreakerState>
  countBreakers: () => Promise<BreakerCounts>
  close: () => Promise<void>
}

/** How many breakers are open, and how many test whether their receiver is back. */
export type BreakerCounts = Record<Exclude<BreakerState, 'closed'>, number>

export interface BreakerChange {
  before: BreakerState
  after: BreakerState
}
