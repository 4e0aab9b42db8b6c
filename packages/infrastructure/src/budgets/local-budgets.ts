import {
  admit,
  breakerOf,
  learn,
  newBudget,
  roomOf,
  type BudgetLimits,
  type BudgetState,
} from '@ghostpost/delivery/receivers'
import type { BudgetCall, BudgetReading, BudgetStore } from './receiver-budgets.ts'

interface Budget {
  state: BudgetState
  /** Place → when it is given up for lost, in milliseconds. */
  places: Map<string, number>
}

/** A process does not remember more receivers than this; the one it has not met for longest goes. */
const budgetsMax = 10_000

/** The time of day as this process knew it when it started, and never stepped since: a breaker must not stay open for it. */
const steadyTime = (): number => performance.timeOrigin + performance.now()

/**
 * Budgets of this process alone: for a queue on Postgres, and while Redis is away.
 * @param placeMs how long a place is held for a request that is never reported
 */
export function localBudgets(
  placeMs: number,
  now: () => number = steadyTime,
  random = Math.random,
): BudgetStore {
  const budgets = new Map<string, Budget>()
  const budgetOf = (key: string, limits: BudgetLimits): Budget => {
    const budget = budgets.get(key) ?? { state: newBudget(limits), places: new Map<string, number>() }
    budgets.delete(key)
    budgets.set(key, budget)
    const [oldest] = budgets.keys()
    if (budgets.size > budgetsMax && oldest !== undefined) budgets.delete(oldest)
    dropLost(budget, now())
    return budget
  }
  return {
    admit: async ({ key, placeId, limits }) => {
      const { state, places } = budgetOf(key, limits)
      places.delete(placeId)
      const admission = admit(state, places.size, limits, now(), random())
      if (admission.kind === 'admitted') places.set(placeId, now() + placeMs)
      return admission
    },
    report: async ({ key, placeId, limits }: BudgetCall, use) => {
      const { state, places } = budgetOf(key, limits)
      const before = breakerOf(state, now())
      places.delete(placeId)
      learn(state, use, limits, now())
      return { before, after: breakerOf(state, now()) }
    },
    read: async (key, limits) => {
      const { state, places } = budgetOf(key, limits)
      return readingOf(state, places.size, limits, now())
    },
    countBreakers: async () => {
      const counts = { open: 0, half_open: 0 }
      for (const { state } of budgets.values()) {
        const breaker = breakerOf(state, now())
        if (breaker !== 'closed') counts[breaker] += 1
      }
      return counts
    },
    close: async () => budgets.clear(),
  }
}

function dropLost({ places }: Budget, nowMs: number): void {
  for (const [place, lostAtMs] of places) if (lostAtMs <= nowMs) places.delete(place)
}

export function readingOf(
  state: BudgetState,
  inFlight: number,
  limits: BudgetLimits,
  nowMs: number,
): BudgetReading {
  const breaker = breakerOf(state, nowMs)
  return {
    breaker,
    openUntil: breaker === 'open' ? new Date(state.openUntilMs) : null,
    blockedUntil: state.blockedUntilMs > nowMs ? new Date(state.blockedUntilMs) : null,
    inFlight,
    room: breaker === 'open' ? 0 : roomOf(state, limits),
    meanMs: state.meanMs,
  }
}
