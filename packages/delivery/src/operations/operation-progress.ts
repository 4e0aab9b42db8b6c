import type { OperationView } from '../contract/operations.ts'
import { secondsToSend } from './operation-pace.ts'

type OperationCounts = OperationView['counts']
type MemberOutcome = Exclude<keyof OperationCounts, 'matched' | 'changed'>

/** What the database knows of an operation's progress. */
export interface OperationProgress {
  state: OperationView['state']
  matched: number
  /** How many members the ledger lists. */
  fed: number
  /** The ledger lists every member. */
  allFed: boolean
  /** Members by outcome; without an entry, 0. */
  outcomes: Partial<Record<MemberOutcome, number>>
}

/**
 * Adds the planned members without a line in the ledger, so that the counts of an operation that is over add up to
 * `matched`: once all are fed, those that no longer matched have changed; an operation that was cancelled before has
 * cancelled them.
 */
export function countsOf({ state, matched, fed, allFed, outcomes }: OperationProgress): OperationCounts {
  const counts = { waiting: 0, delivered: 0, failed: 0, skipped: 0, cancelled: 0, ...outcomes }
  const notFed = Math.max(matched - fed, 0)
  if (allFed) return { matched, ...counts, changed: notFed }
  const neverBegun = state === 'cancelled' ? notFed : 0
  return { matched, ...counts, cancelled: counts.cancelled + neverBegun, changed: 0 }
}

/** The settled share, from 0 to 1. */
export function progressOf({ matched, waiting: _waiting, ...settled }: OperationCounts): number {
  const done = Object.values(settled).reduce((sum, count) => sum + count, 0)
  return matched === 0 ? 1 : Math.min(done / matched, 1)
}

/** An estimate; null unless the operation runs. */
export function secondsLeft(
  { matched, fed }: Pick<OperationProgress, 'matched' | 'fed'>,
  state: OperationView['state'],
  rate: number,
): number | null {
  return state === 'running' ? secondsToSend(Math.max(matched - fed, 0), rate) : null
}
