import { sweepDue } from '@ghostpost/infrastructure/database/attempts'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { QueueCheck } from '@ghostpost/infrastructure/queue'
import type { Logger, WorkerMetrics } from '@ghostpost/infrastructure/telemetry'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const sweepBatch = 500

/** Enqueues overdue deliveries again: never enqueued, lost with the queue's data, or claimed by a dead worker. */
export function sweepOverdue(
  { database, queue, settings, log }: Resources,
  metrics: WorkerMetrics,
): PeriodicTask {
  const warn = warnOnChange(log)
  return repeatEvery('sweep', settings.GHOSTPOST_SWEEP_INTERVAL_MS, log, async () => {
    // While the queue takes no jobs, deliveries stay overdue.
    const check = await queue.check()
    warn(check)
    if (check !== 'ok' && check !== 'evicting' && check !== 'partial') return
    const overdue = await sweepDue(database, sweepBatch, settings.GHOSTPOST_SWEEP_AFTER_MS)
    if (overdue.length === 0) return
    metrics.swept(overdue.length)
    const enqueued = await Promise.all(overdue.map((due) => queue.enqueue(due, { overdue: true })))
    log.info(
      { event: 'swept', found: overdue.length, enqueued: enqueued.filter(Boolean).length },
      'enqueued overdue deliveries',
    )
  })
}

const queueWarnings: Readonly<Record<Exclude<QueueCheck, 'ok'>, string>> = {
  down: 'the queue is unreachable; deliveries are stored and continue when it is back',
  full: 'the queue’s store is out of memory and refuses jobs; deliveries are stored: give it more memory',
  read_only: 'the queue’s store refuses writes; deliveries are stored: is it a replica, or is its disk full?',
  partial:
    'some of the queue’s nodes are unreachable; deliveries of their shards are stored and continue when they are back',
  evicting: 'the queue’s store may evict jobs when it is full: set maxmemory-policy to noeviction',
}

/** Warns once per change of the queue's state. */
function warnOnChange(log: Logger): (check: QueueCheck) => void {
  let last: QueueCheck = 'ok'
  return (check) => {
    if (check !== last && check !== 'ok') log.warn({ event: 'queue_unfit', check }, queueWarnings[check])
    last = check
  }
}
