import type { Enqueue } from '@ghostpost/delivery/deliver'
import { openBursts } from '@ghostpost/delivery/sharing'
import type { JobsOptions } from 'bullmq'
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
 * What one process enqueues for one site in one lane without a lower priority. A site that enqueues more than this
 * waits behind the jobs of the others.
 */
const burstLimits = { burst: 100, perSecond: 100 }

/**
 * Enqueues jobs. Responds within a second, whatever the store does. The job's id names the due attempt, so two jobs for
 * the same attempt become one.
 */
export function createEnqueue({ queues }: QueueBackend, shards: number, log: Logger): Enqueue {
  const bursts = openBursts(burstLimits)
  const warn = warnThrottled(log, 'a delivery could not be enqueued; the sweeper will enqueue it')
  return async (due, { delayMs = 0, trace, overdue = false } = {}) => {
    const { deliveryId, siteId, attemptsMade, lane, budget } = due
    const options = {
      ...traceOptions(trace),
      jobId: jobIdOf(deliveryId, attemptsMade),
      ...priorityOf(bursts.levelOf(`${lane}:${siteId}`)),
      ...(delayMs > 0 && { delay: delayMs }),
    }
    let enqueued = false
    const adding = queueOfShard(queues[lane], shardOf(siteId, shards))
      .add('attempt', { budget }, options)
      .then((job) => (overdue ? promoteDelayed(job) : undefined))
      .then(() => (enqueued = true), warn)
    if (!(await endsWithin(storeTimeoutMs, adding))) warn(new Error('the queue did not respond in time'))
    return enqueued
  }
}

/** A job without a priority comes before all jobs with one; a lower number comes first. */
function priorityOf(level: number): JobsOptions {
  return level === 0 ? {} : { priority: level }
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
