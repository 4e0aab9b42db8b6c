import type { DueDelivery } from '@ghostpost/delivery/deliver'
import {
  advanceSweeps,
  postponeSweep,
  readInterruptedClaims,
  sweepDue,
} from '@ghostpost/infrastructure/database/attempts'
import type { Resources } from '@ghostpost/infrastructure/process'
import { isUsable, type QueueCheck, type RepairResult } from '@ghostpost/infrastructure/queue'
import type { Logger, WorkerMetrics } from '@ghostpost/infrastructure/telemetry'
import { openInterruptions, type InterruptionParts } from './record-interruptions.ts'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const sweepBatch = 500
/** The most batches of one run. Each batch but the last enqueued something. */
const batchesMax = 100

/**
 * Enqueues overdue deliveries again: never enqueued, or lost with the queue's data. Records the attempts of expired
 * claims as interrupted, because their workers may keep the jobs: a worker that is cut off from the database alone
 * still renews its locks in the queue.
 */
export function sweepOverdue(
  resources: Resources,
  metrics: WorkerMetrics,
  parts: InterruptionParts,
): PeriodicTask {
  const interrupt = openInterruptions(parts)
  const { database, queue, settings, log } = resources
  const warn = warnOnChange(log)
  return repeatEvery('sweep', settings.GHOSTPOST_SWEEP_INTERVAL_MS, log, async (stop) => {
    // While the queue takes no jobs, deliveries stay overdue.
    const check = await queue.check()
    warn(check)
    if (!isUsable(check)) return
    if (await queue.hasLostData().catch(() => false)) {
      log.info({ event: 'queue_emptied' }, 'the queue has no data; all due deliveries are enqueued again')
      await advanceSweeps(database, settings.GHOSTPOST_SWEEP_AFTER_MS, stop)
    }
    for (let batch = 0; batch < batchesMax && !stop.aborted; batch += 1) {
      const { found, enqueued } = await sweepBatchOf(resources, metrics, interrupt)
      // Where nothing was lost, a long backlog need not be inspected in one run.
      if (found < sweepBatch || enqueued === 0) return
    }
  })
}

async function sweepBatchOf(
  { database, queue, settings, log }: Resources,
  metrics: WorkerMetrics,
  interrupt: ReturnType<typeof openInterruptions>,
): Promise<{ found: number; enqueued: number }> {
  const found = await sweepDue(database, sweepBatch, settings.GHOSTPOST_SWEEP_AFTER_MS)
  const claims = await readInterruptedClaims(
    database,
    found.map(({ deliveryId }) => deliveryId),
  )
  await Promise.all(claims.map(interrupt))
  const interrupted = new Set(claims.map(({ deliveryId }) => deliveryId))
  const overdue = found.filter(({ deliveryId }) => !interrupted.has(deliveryId))
  const results = await queue.repair(overdue)
  const withResult = (result: RepairResult): DueDelivery[] => overdue.filter((_, n) => results[n] === result)
  const [queued, enqueued] = [withResult('queued'), withResult('enqueued').length]
  await postponeSweep(database, queued, settings.GHOSTPOST_SWEEP_AFTER_MS)
  metrics.swept(enqueued)
  if (found.length > 0)
    log.info(
      { event: 'swept', found: found.length, interrupted: claims.length, queued: queued.length, enqueued },
      'looked after overdue deliveries and enqueued those that the queue had lost',
    )
  return { found: found.length, enqueued: enqueued + claims.length }
}

const queueWarnings: Readonly<Record<Exclude<QueueCheck, 'ok'>, string>> = {
  down: 'the queue is unreachable; deliveries are stored and continue when it is back',
  full: 'the queue’s store is out of memory and refuses jobs; deliveries are stored: give it more memory',
  read_only: 'the queue’s store refuses writes; deliveries are stored: is it a replica, or is its disk full?',
  partial:
    'some of the queue’s nodes are unreachable; deliveries of their shards are stored and continue when they are back',
  forbidden:
    'the queue’s store refuses Ghostpost’s user, or a command that the queue needs; deliveries are stored: give the ' +
    'user the rights in docs/operations.md',
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
