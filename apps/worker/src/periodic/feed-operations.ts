import { feedNextOperation } from '@ghostpost/infrastructure/database/operations'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const pollMs = 250

/** Feeds the running operations, one bounded step at a time, and enqueues the deliveries that are due. */
export function feedOperations({ database, queue, events, settings, log }: Resources): PeriodicTask {
  return repeatEvery('feeding operations', pollMs, log, async (stop) => {
    const ids = new Set<string>()
    while (!stop.aborted) {
      const fed = await feedNextOperation(database, settings.GHOSTPOST_SWEEP_AFTER_MS)
      // Each operation gets one step per round, so that all of them advance.
      if (fed === null || ids.has(fed.operationId)) return
      ids.add(fed.operationId)
      events.publishOperation(fed.siteId, fed.operationId)
      await Promise.all(fed.deliveries.map((due) => queue.enqueue(due, { overdue: true })))
    }
  })
}
