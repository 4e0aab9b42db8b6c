import { sweepDue } from '@ghostpost/infrastructure/database/attempts'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { QueueCheck } from '@ghostpost/infrastructure/queue'
import type { Logger, WorkerMetrics } from '@ghostpost/infrastructure/telemetry'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const sweepBatch = 500

/** Rings the bell again for deliveries the queue lost: saved and never queued, wiped with Redis, or held by a dead worker. */
export function sweepOverdue(
  { database, queue, settings, log }: Resources,
  metrics: WorkerMetrics,
): PeriodicTask {
  const warn = warnOnChange(log)
  return repeatEvery('sweep', settings.GHOSTPOST_SWEEP_INTERVAL_MS, log, async () => {
    // What cannot be rung for now stays overdue.
    const check = await queue.check()
    warn(check)
    if (check !== 'ok' && check !== 'evicting' && check !== 'partial') return
    const overdue = await sweepDue(database, sweepBatch, settings.GHOSTPOST_SWEEP_AFTER_MS)
    if (overdue.length === 0) return
    metrics.swept(overdue.length)
    const enqueued = await Promise.all(overdue.map((due) => queue.enqueue(due, { overdue: true })))
    log.info(
      { event: 'swept', found: overdue.length, rung: enqueued.filter(Boolean).length },
      'overdue deliveries put back',
    )
  })
}

const queueWarnings: Readonly<Record<Exclude<QueueCheck, 'ok'>, string>> = {
  down: 'the queue is not reachable; deliveries are kept and go on when it is back',
  full: 'the queue’s store is out of memory and takes nothing; deliveries are kept: give it more memory',
  read_only: 'the queue’s store takes no writes; deliveries are kept: is it a replica, or is its disk full?',
  partial:
    'some of the queue’s nodes are not reachable; deliveries whose shard is there are kept and go on when it is back',
  evicting: 'the queue’s store may throw jobs away when it is full: set maxmemory-policy to noeviction',
}

/** Says what is wrong once, and again when it is something else or comes back. */
function warnOnChange(log: Logger): (check: QueueCheck) => void {
  let last: QueueCheck = 'ok'
  return (check) => {
    if (check !== last && check !== 'ok') log.warn({ event: 'queue_unfit', check }, queueWarnings[check])
    last = check
  }
}
