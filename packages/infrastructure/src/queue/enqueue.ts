import type { Enqueue } from '@ghostpost/delivery/deliver'
import type { Logger } from '../telemetry/logger.ts'
import {
  warnThrottled,
  endsWithin,
  storeTimeoutMs,
  type QueueBackend,
  type QueuedJob,
} from './queue-backend.ts'
import { jobIdOf, traceOptions } from './job-options.ts'
import { shardQueue, shardOf } from './shards.ts'

/**
 * Rings the bell, within a second whatever the store does. The job's id names the due attempt, so ringing twice for it
 * makes one job.
 */
export function createEnqueue({ queues }: QueueBackend, shards: number, log: Logger): Enqueue {
  const warn = warnThrottled(log, 'a delivery could not be queued; the sweeper will')
  return async ({ deliveryId, siteId, attemptsMade, lane, delayMs, budget, trace, overdue = false }) => {
    const jobId = jobIdOf(deliveryId, attemptsMade)
    let enqueued = false
    const adding = shardQueue(queues[lane], shardOf(siteId, shards))
      .add('attempt', { budget }, { ...traceOptions(trace), jobId, ...(delayMs > 0 && { delay: delayMs }) })
      .then((job) => (overdue ? promoteDelayed(job) : undefined))
      .then(() => (enqueued = true), warn)
    if (!(await endsWithin(storeTimeoutMs, adding))) warn(new Error('the queue did not answer in time'))
    return enqueued
  }
}

/** A process whose clock was wrong may have set the bell for much too late. One that is not set for later is left alone. */
async function promoteDelayed(job: QueuedJob): Promise<void> {
  if (await job.isDelayed()) await job.promote().catch(() => {})
}
