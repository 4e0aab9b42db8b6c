import type { Admission, BreakerState, BudgetLimits, BudgetReport } from '@ghostpost/delivery/receivers'

/** One request that wants to go to a receiver, or has been there. */
export interface BudgetRequest {
  /** Key of the receiver's budget. */
  key: string
  /** Names the place taken; the same id takes the same place. */
  slotId: string
  limits: BudgetLimits
}

/** What is known of a receiver's budget now. */
export interface BudgetReading {
  breaker: BreakerState
  openUntil: Date | null
  /** Until when the receiver asked to be left alone. */
  blockedUntil: Date | null
  inFlight: number
  /** How many requests at once it is sent at present. */
  room: number
  /** Moving mean of how long a request takes. */
  meanMs: number
}

/** Where budgets are kept: in Redis, shared by all workers, or in this process. */
export interface BudgetStore {
  admit: (request: BudgetRequest) => Promise<Admission>
  /** Gives the place back. Resolves to the breaker's state before and after. */
  report: (request: BudgetRequest, use: BudgetReport) => Promise<BreakerChange>
  read: (key: string, limits: BudgetLimits) => Promise<BudgetReading>
  countBreakers: () => Promise<BreakerCounts>
  close: () => Promise<void>
}

/** How many receivers are left alone, and how many may be asked again. */
export type BreakerCounts = Record<Exclude<BreakerState, 'closed'>, number>

export interface BreakerChange {
  before: BreakerState
  after: BreakerState
}
