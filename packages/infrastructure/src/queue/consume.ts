import type { Settlement } from '@ghostpost/delivery'
import { DelayedError, type Job } from 'bullmq'
import type { Logger } from '../telemetry/logger.ts'
import type { JobData, QueueBackend } from './backend.ts'
import type { Consumed, ConsumeOptions, Consumer } from './delivery-queue.ts'

/** Without end, in a number every store can hold. */
const stallsMax = 1_000_000
const faultDelayMinMs = 1_000
const faultDelayMaxMs = 30_000

/** Takes jobs of a lane, at most `concurrency` at once, until stopped. */
export function consume(backend: QueueBackend, options: ConsumeOptions, log: Logger): Consumer {
  const processor = async (job: Job<JobData>, token?: string): Promise<Settlement | null> => {
    const consumed = await handleSafely(options, job, log)
    if (consumed.kind === 'done') return consumed.settlement
    // Neither waiting nor a fault of ours is an attempt: the same job comes again, as often as it takes.
    await job.moveToDelayed(Date.now() + consumed.waitMs, token)
    throw new DelayedError()
  }
  const worker = backend.openWorker(options.lane, processor, {
    concurrency: options.concurrency,
    lockDuration: options.lockMs,
    stalledInterval: options.lockMs,
    // A job is never given up because its workers died: the database decides what becomes of a delivery.
    maxStalledCount: stallsMax,
  })
  return {
    stop: (timeoutMs) =>
      stopWithin(
        timeoutMs,
        () => worker.close(),
        () => worker.close(true),
      ),
  }
}

async function handleSafely(options: ConsumeOptions, job: Job<JobData>, log: Logger): Promise<Consumed> {
  const { deliveryId } = job.data
  try {
    return await options.handle(deliveryId)
  } catch (err) {
    const waitMs = faultDelayMs(job.attemptsStarted)
    log.error(
      { err, delivery_id: deliveryId, wait_ms: waitMs },
      'an attempt failed on our side; it comes again',
    )
    return { kind: 'again', waitMs }
  }
}

/** Doubles with every start of the job, up to 30 s, with jitter so that a crowd does not come back together. */
function faultDelayMs(starts: number): number {
  const base = Math.min(faultDelayMinMs * 2 ** Math.min(Math.max(starts - 1, 0), 10), faultDelayMaxMs)
  return Math.round(base * (0.75 + Math.random() / 2))
}

async function stopWithin(
  timeoutMs: number,
  stop: () => Promise<void>,
  force: () => Promise<void>,
): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), timeoutMs)
  const first = await Promise.race([stop(), late])
  clearTimeout(timer)
  if (first === 'late') await force()
}
