import { laneOf, type BudgetedResult } from '@ghostpost/delivery/deliver'
import { durationClassOf, noDurations } from '@ghostpost/delivery/stats'
import { addTallies, sampleLanes, type AttemptTally } from '@ghostpost/infrastructure/database/stats'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type Repeating } from '../periodic/repeat-every.ts'

const minuteMs = 60_000
const writeEveryMs = 2_000
/** While the database is away counts are kept; these many minutes, sites, destinations and lanes, then new ones are dropped. */
const keptMax = 10_000

export interface AttemptTallies extends Repeating {
  /** Counts what an attempt came to. Costs no call. */
  note: (result: BudgetedResult) => void
}

/**
 * Counts attempts in memory and adds them to the statistics every two seconds, so that the path of a delivery has no part
 * in it. A worker that is killed takes the counts of its last two seconds with it; the log has them all the same.
 */
export function tallyAttempts({ database, log }: Resources): AttemptTallies {
  let tallies = new Map<string, Counting>()
  const write = async (): Promise<void> => {
    const taken = tallies
    tallies = new Map()
    try {
      await addTallies(database, [...taken.values()])
    } catch (error) {
      for (const tally of taken.values()) merge(tallies, tally)
      throw error
    }
    await sampleLanes(database)
  }
  const writing = repeatEvery('writing statistics', writeEveryMs, log, write)
  return {
    note: (result) => {
      if (result.kind === 'settled') merge(tallies, tallyOf(result, Date.now()))
    },
    stop: async () => {
      await writing.stop()
      await write().catch(() => {})
    },
  }
}

type Counting = AttemptTally & { durations: number[] }

function tallyOf({ claim, attempt }: Extract<BudgetedResult, { kind: 'settled' }>, now: number): Counting {
  const durations = noDurations()
  const { decision } = attempt.verdict
  // What was never sent took no time that would say anything of a receiver.
  if (attempt.trace) durations[durationClassOf(attempt.durationMs)] = 1
  return {
    siteId: claim.siteId,
    destinationId: claim.destinationId,
    lane: laneOf(claim.attemptNumber - 1 - claim.seriesStart, claim.operationId),
    minute: Math.floor(now / minuteMs) * minuteMs,
    delivered: decision === 'delivered' ? 1 : 0,
    retried: attempt.next.state === 'retrying' ? 1 : 0,
    failed: attempt.next.state === 'failed' ? 1 : 0,
    durations,
  }
}

function merge(tallies: Map<string, Counting>, tally: Counting): void {
  const key = `${tally.siteId} ${tally.destinationId} ${tally.lane} ${tally.minute}`
  const known = tallies.get(key)
  if (!known) {
    if (tallies.size < keptMax) tallies.set(key, tally)
    return
  }
  known.delivered += tally.delivered
  known.retried += tally.retried
  known.failed += tally.failed
  for (const [index, count] of tally.durations.entries())
    known.durations[index] = (known.durations[index] ?? 0) + count
}
