import type { Enqueue } from '@ghostpost/delivery'
import type { Logger } from '../telemetry/logger.ts'
import { complainSeldom, type QueueBackend } from './backend.ts'

/**
 * Rings the bell. The job's id names the due attempt, so ringing twice for it makes one job. Nothing is left in the
 * queue of a finished job.
 */
export function enqueue({ queues }: QueueBackend, log: Logger): Enqueue {
  const complain = complainSeldom(log, 'a delivery could not be queued; the sweeper will')
  return async ({ deliveryId, attemptsMade, lane, delayMs }) => {
    const jobId = `${deliveryId}-${attemptsMade}`
    try {
      await queues[lane].add(
        'attempt',
        { deliveryId },
        { jobId, delay: delayMs, removeOnComplete: true, removeOnFail: true },
      )
      return true
    } catch (err) {
      complain(err)
      return false
    }
  }
}
