import type { BudgetReading } from '@ghostpost/infrastructure/budgets'
import { noteReceiverHolds, type ReceiverHold } from '@ghostpost/infrastructure/database/stats'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const intervalMs = 2_000
/** A half-open breaker lets one request at a time through, and the other deliveries wait for its result. */
const halfOpenMs = 10_000

/** Copies from the budgets into the database which receivers are left alone, so that every count knows it. */
export function noteHolds({ database, budgets, log }: Resources): PeriodicTask {
  return repeatEvery('noting receivers that are left alone', intervalMs, log, () =>
    noteReceiverHolds(database, async (budget) => holdOf(await budgets.read(budget), new Date())),
  )
}

function holdOf(
  { breaker, openUntil, blockedUntil }: BudgetReading,
  now: Date,
): Omit<ReceiverHold, 'budget'> | null {
  if (breaker === 'closed') return blockedUntil === null ? null : { reason: 'throttled', until: blockedUntil }
  const testedUntil = openUntil ?? new Date(now.getTime() + halfOpenMs)
  const until = blockedUntil !== null && blockedUntil > testedUntil ? blockedUntil : testedUntil
  return { reason: 'breaker_open', until }
}
