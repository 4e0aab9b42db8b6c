import { laneOf, type BudgetedResult } from '@ghostpost/delivery/deliver'
import { durationBucketOf, emptyDurationCounts } from '@ghostpost/delivery/stats'
import { addTallies, sampleLanes, type AttemptTally } from '@ghostpost/infrastructure/database/stats'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from '../periodic/repeat-every.ts'

const minuteMs = 60_000
const writeIntervalMs = 2_000
/** The most tallies in memory while the database is unavailable; further ones are dropped. */
const talliesMax = 10_000

export interface AttemptTallies extends PeriodicTask {
  /** Counts the result of an attempt in memory. */
  count: (result: BudgetedResult) => void
}

/**
 * Counts attempts in memory and adds them to the statistics every two seconds, outside the path of a delivery. A killed
 * worker loses the counts of its last two seconds; the log has those attempts.
 */
export function tallyAttempts({ database, log }: Resources): AttemptTallies {
  let tallies = new Map<string, MutableTally>()
  const write = async (): Promise<void> => {
    const pending = tallies
    tallies = new Map()
    try {
      await addTallies(database, [...pending.values()])
    } catch (error) {
      for (const tally of pending.values()) merge(tallies, tally)
      throw error
    }
    await sampleLanes(database)
  }
  const writer = repeatEvery('writing statistics', writeIntervalMs, log, write)
  return {
    count: (result) => {
      if (result.kind === 'settled') merge(tallies, tallyOf(result, database.clock.now().getTime()))
    },
    stop: async () => {
      await writer.stop()
      await write().catch(() => {})
    },
  }
}

type MutableTally = AttemptTally & { durations: number[] }

function tallyOf(
  { claim, attempt }: Extract<BudgetedResult, { kind: 'settled' }>,
  now: number,
): MutableTally {
  const durations = emptyDurationCounts()
  const { decision } = attempt.verdict
  // An attempt without a request has no duration that says anything about the receiver.
  if (attempt.trace) durations[durationBucketOf(attempt.durationMs)] = 1
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

function merge(tallies: Map<string, MutableTally>, tally: MutableTally): void {
  const key = `${tally.siteId} ${tally.destinationId} ${tally.lane} ${tally.minute}`
  const existing = tallies.get(key)
  if (!existing) {
    if (tallies.size < talliesMax) tallies.set(key, tally)
    return
  }
  existing.delivered += tally.delivered
  existing.retried += tally.retried
  existing.failed += tally.failed
  for (const [index, count] of tally.durations.entries())
    existing.durations[index] = (existing.durations[index] ?? 0) + count
}
