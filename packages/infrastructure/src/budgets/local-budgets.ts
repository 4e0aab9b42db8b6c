import {
  admit,
  breakerOf,
  applyReport,
  newBudget,
  concurrencyNow,
  type BudgetLimits,
  type BudgetState,
} from '@ghostpost/delivery/receivers'
import type { BudgetRequest, BudgetReading, BudgetStore } from './receiver-budgets.ts'

interface Budget {
  state: BudgetState
  /** Place → when it is given up for lost, in milliseconds. */
  slots: Map<string, number>
}

/** A process does not remember more receivers than this; the one it has not met for longest goes. */
const budgetsMax = 10_000

/** The time of day as this process knew it when it started, and never stepped since: a breaker must not stay open for it. */
const monotonicTime = (): number => performance.timeOrigin + performance.now()

/**
 * Budgets of this process alone: for a queue on Postgres, and while Redis is away.
 * @param slotTimeoutMs how long a place is held for a request that is never reported
 */
export function localBudgets(
  slotTimeoutMs: number,
  now: () => number = monotonicTime,
  random = Math.random,
): BudgetStore {
  const budgets = new Map<string, Budget>()
  const budgetOf = (key: string, limits: BudgetLimits): Budget => {
    const budget = budgets.get(key) ?? { state: newBudget(limits), slots: new Map<string, number>() }
    budgets.delete(key)
    budgets.set(key, budget)
    const [oldest] = budgets.keys()
    if (budgets.size > budgetsMax && oldest !== undefined) budgets.delete(oldest)
    dropExpiredSlots(budget, now())
    return budget
  }
  return {
    admit: async ({ key, slotId, limits }) => {
      const { state, slots } = budgetOf(key, limits)
      slots.delete(slotId)
      const admission = admit(state, slots.size, limits, now(), random())
      if (admission.kind === 'admitted') slots.set(slotId, now() + slotTimeoutMs)
      return admission
    },
    report: async ({ key, slotId, limits }: BudgetRequest, use) => {
      const { state, slots } = budgetOf(key, limits)
      const before = breakerOf(state, now())
      slots.delete(slotId)
      applyReport(state, use, limits, now())
      return { before, after: breakerOf(state, now()) }
    },
    read: async (key, limits) => {
      const { state, slots } = budgetOf(key, limits)
      return readingOf(state, slots.size, limits, now())
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

function dropExpiredSlots({ slots }: Budget, nowMs: number): void {
  for (const [slotId, expiresAtMs] of slots) if (expiresAtMs <= nowMs) slots.delete(slotId)
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
    room: breaker === 'open' ? 0 : concurrencyNow(state, limits),
    meanMs: state.meanMs,
  }
}
