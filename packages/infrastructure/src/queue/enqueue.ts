import type { Enqueue } from '@ghostpost/delivery/deliver'
import type { Logger } from '../telemetry/logger.ts'
import { complainSeldom, endsWithin, storeAnswerMaxMs, type QueueBackend, type QueuedJob } from './backend.ts'
import { jobIdOf, traced } from './job-options.ts'
import { queueIn, shardOf } from './shards.ts'

/**
 * Rings the bell, within a second whatever the store does. The job's id names the due attempt, so ringing twice for it
 * makes one job.
 */
export function enqueue({ queues }: QueueBackend, shards: number, log: Logger): Enqueue {
  const complain = complainSeldom(log, 'a delivery could not be queued; the sweeper will')
  return async ({ deliveryId, siteId, attemptsMade, lane, delayMs, budget, trace, overdue = false }) => {
    const jobId = jobIdOf(deliveryId, attemptsMade)
    let rung = false
    const ringing = queueIn(queues[lane], shardOf(siteId, shards))
      .add('attempt', { budget }, { ...traced(trace), jobId, ...(delayMs > 0 && { delay: delayMs }) })
      .then((job) => (overdue ? ringAtOnce(job) : undefined))
      .then(() => (rung = true), complain)
    if (!(await endsWithin(storeAnswerMaxMs, ringing)))
      complain(new Error('the queue did not answer in time'))
    return rung
  }
}

/** A process whose clock was wrong may have set the bell for much too late. One that is not set for later is left alone. */
async function ringAtOnce(job: QueuedJob): Promise<void> {
  if (await job.isDelayed()) await job.promote().catch(() => {})
}
