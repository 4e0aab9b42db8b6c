import { sweepDue, type Resources } from '@ghostpost/infrastructure'
import { repeatEvery, type Repeating } from './repeat-every.ts'

const sweepBatch = 500

/** Rings the bell again for deliveries the queue lost: saved and never queued, wiped with Redis, or held by a dead worker. */
export function sweepOverdue({ database, queue, settings, log }: Resources): Repeating {
  return repeatEvery('sweep', settings.GHOSTPOST_SWEEP_INTERVAL_MS, log, async () => {
    // What cannot be rung for now stays overdue.
    if (!(await queue.ping())) return
    const overdue = await sweepDue(database, sweepBatch, settings.GHOSTPOST_SWEEP_AFTER_MS)
    if (overdue.length === 0) return
    const rung = await Promise.all(overdue.map((delivery) => queue.enqueue({ ...delivery, delayMs: 0 })))
    log.info(
      { event: 'swept', found: overdue.length, rung: rung.filter(Boolean).length },
      'overdue deliveries put back',
    )
  })
}
