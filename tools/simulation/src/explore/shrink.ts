import { eventsOf, type Action, type History } from '../histories/index.ts'
import { runHistory } from './run-history.ts'

export interface Shrunk {
  history: History
  events: number
  runs: number
}

/** Runs of one shrinking, at most. */
const runsMax = 600

/**
 * Removes actions and faults while the history still breaks the same promise: halves first, then smaller parts, then
 * single events (delta debugging).
 * @param invariant the promise
 */
export async function shrink(history: History, invariant: string, bug: string | null): Promise<Shrunk> {
  let runs = 0
  const isBroken = async (candidate: History): Promise<boolean> => {
    runs += 1
    const { violations } = await runHistory(candidate, { bug })
    return violations.some((one) => one.invariant === invariant)
  }
  let current = history
  let parts = 2
  while (parts <= eventsOf(current) * 2) {
    if (runs >= runsMax) break
    const smaller = await removePart(current, parts, isBroken)
    if (smaller === null) parts *= 2
    else {
      current = smaller
      parts = Math.max(parts - 1, 2)
    }
  }
  return { history: current, events: eventsOf(current), runs }
}

/** The first history without one of the parts that is still broken; null when all parts are needed. */
async function removePart(
  history: History,
  parts: number,
  isBroken: (candidate: History) => Promise<boolean>,
): Promise<History | null> {
  const { actions, faults } = history
  const count = eventsOf(history)
  const size = Math.ceil(count / parts)
  for (let from = 0; from < count; from += size) {
    const isKept = (index: number): boolean => index < from || index >= from + size
    const candidate = {
      ...history,
      actions: withSource(
        actions.filter((_, index) => isKept(index)),
        actions,
      ),
      faults: faults.filter((_, index) => isKept(actions.length + index)),
    }
    if (eventsOf(candidate) < count && (await isBroken(candidate))) return candidate
  }
  return null
}

function isMade(id: string, actions: readonly Action[]): boolean {
  return actions.some((one) => 'id' in one && one.id === id)
}

/** An action that refers to a removed one is removed, too: it would do nothing. */
function withSource(kept: readonly Action[], all: readonly Action[]): Action[] {
  return kept.filter((one) => !('of' in one) || isMade(one.of, kept) || !isMade(one.of, all))
}
