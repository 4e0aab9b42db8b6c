import { openQueue } from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'

/** Takes one live delivery, sends its id to the parent process, and never finishes the job. A test kills it. */
const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '', SHARDS, LOCK_MS, WORKER_ID } = process.env
const queue = await openQueue({ url, prefix, shards: Number(SHARDS), log: openLogger('stuck', 'silent') })
queue.consume({
  lane: 'live',
  ...(WORKER_ID !== undefined && { workerId: WORKER_ID }),
  concurrency: 1,
  inFlight: 400,
  lockMs: Number(LOCK_MS),
  handle: ({ deliveryId }) => {
    process.send?.(deliveryId)
    return new Promise(() => {})
  },
})
process.once('disconnect', () => process.exit())
