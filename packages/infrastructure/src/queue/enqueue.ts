import type { Enqueue } from '@ghostpost/delivery/deliver'
import {
  endsWithin,
  storeTimeoutMs,
  warnThrottled,
  type JobQueue,
  type QueueBackend,
  type QueuedJob,
} from './queue-backend.ts'
import { jobIdOf, traceOptions } from './job-options.ts'
import { shardOf } from './shards.ts'
import type { Logger } from '../telemetry/logger.ts'

/**
 * Enqueues jobs. Responds within a second, whatever the store does. The job's id names the due attempt, so two jobs for
 * the same attempt become one.
 */
export function createEnqueue({ queues }: QueueBackend, shards: number, log: Logger): Enqueue {
  const warn = warnThrottled(log, 'a delivery could not be enqueued; the sweeper will enqueue it')
  return async (due, { delayMs = 0, trace, overdue = false } = {}) => {
    const { deliveryId, siteId, attemptsMade, lane, budget } = due
    const jobId = jobIdOf(deliveryId, attemptsMade)
    let enqueued = false
    const adding = queueOfShard(queues[lane], shardOf(siteId, shards))
      .add('attempt', { budget }, { ...traceOptions(trace), jobId, ...(delayMs > 0 && { delay: delayMs }) })
      .then((job) => (overdue ? promoteDelayed(job) : undefined))
      .then(() => (enqueued = true), warn)
    if (!(await endsWithin(storeTimeoutMs, adding))) warn(new Error('the queue did not respond in time'))
    return enqueued
  }
}

/** @throws when there is no such shard */
function queueOfShard(queues: readonly JobQueue[], shard: number): JobQueue {
  const queue = queues[shard]
  if (!queue) throw new Error(`there is no shard ${shard}`)
  return queue
}

/** Makes an existing job due that has a later time, for example from a process whose clock was wrong. */
async function promoteDelayed(job: QueuedJob): Promise<void> {
  if (await job.isDelayed()) await job.promote().catch(() => {})
}
