import { randomUUID } from 'node:crypto'
import type { DeliveryJob, Settlement } from '@ghostpost/delivery/deliver'
import { DelayedError, type Job, type JobsOptions } from 'bullmq'
import type { ConsumeOptions, Consumer, ConsumeResult } from './delivery-queue.ts'
import { endsWithin, type JobData, type JobWorker, type QueueBackend } from './queue-backend.ts'
import { deliveryIdOf } from './job-options.ts'
import type { Logger } from '../telemetry/logger.ts'

/** Practically unlimited, and small enough for every store. */
const stallsMax = 1_000_000
/**
 * The queue never gives a job up, because the database decides when a delivery has failed. The queue stores neither
 * finished jobs nor errors.
 */
const jobDefaults: JobsOptions = {
  attempts: 1_000_000,
  backoff: { type: 'custom' },
  stackTraceLimit: 0,
  removeOnComplete: true,
  removeOnFail: true,
}
const faultDelayMinMs = 1_000
const faultDelayMaxMs = 30_000
/** The result of every job while the lane is paused. */
const pausedResult: ConsumeResult = { kind: 'again', waitMs: 1_000, because: 'not_due' }
/** How long the store may take to acknowledge the last job. */
const acknowledgeMaxMs = 2_000

export interface ShardOptions extends Pick<ConsumeOptions, 'lane' | 'lockMs' | 'workerId'> {
  /** Most jobs that this process takes at once. */
  concurrency: number
  handle: (job: DeliveryJob) => Promise<ConsumeResult>
}

/** Takes jobs of a lane's shard, at most `concurrency` at once, until stopped. */
export function consumeShard(
  backend: QueueBackend,
  shard: number,
  options: ShardOptions,
  log: Logger,
): Consumer {
  const running = new Set<Promise<unknown>>()
  let isPaused = false
  const processor = async (job: Job<JobData>, token?: string): Promise<Settlement | null> => {
    Object.assign(job.opts, jobDefaults)
    // The store lost the job's hash. The sweeper enqueues the delivery again if it is still due.
    if (!hasData(job)) return null
    const result = isPaused ? pausedResult : await track(running, handleJob(options, job, log))
    if (result.kind === 'done') return result.settlement
    // Waiting is no attempt: the same job runs again, without limit.
    await worker.park(job, token, result.waitMs, result.because)
    throw new DelayedError()
  }
  const workerId = options.workerId ?? randomUUID()
  const worker: JobWorker = backend.openWorker(options.lane, shard, workerId, processor, {
    concurrency: options.concurrency,
    lockDuration: options.lockMs,
    stalledInterval: options.lockMs,
    // The queue does not give a job up whose workers died.
    maxStalledCount: stallsMax,
    settings: { backoffStrategy: faultDelayMs },
  })
  return {
    pause: () => {
      // A worker that already waits for a job takes one more after `pause`.
      isPaused = true
      return worker.pause()
    },
    resume: () => {
      isPaused = false
      worker.resume()
    },
    releaseJobsOf: (workerId) => worker.releaseJobsOf(workerId),
    stop: (timeoutMs) => stopWorker(worker, running, timeoutMs),
  }
}

function hasData({ data }: Job<Partial<JobData>>): boolean {
  return data.budget !== undefined
}

async function track<T>(running: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  running.add(work)
  try {
    return await work
  } finally {
    running.delete(work)
  }
}

async function handleJob(options: ShardOptions, job: Job<JobData>, log: Logger): Promise<ConsumeResult> {
  const deliveryId = deliveryIdOf(job.id)
  try {
    const trace = job.opts.telemetry?.metadata
    return await options.handle({
      deliveryId,
      budget: job.data.budget,
      ...(job.data.probe && { probe: true }),
      ...(trace !== undefined && { trace }),
    })
  } catch (err) {
    const faults = job.attemptsMade + 1
    log.error(
      { err, delivery_id: deliveryId, faults },
      'an attempt failed because of an internal error; the job runs again',
    )
    // The queue stores this text. The text of the original error is only in the log.
    throw new Error('internal error; see the log', { cause: err })
  }
}

/** Doubles with every fault, up to 30 s. The jitter spreads jobs that failed together. */
function faultDelayMs(faults: number): number {
  const base = Math.min(faultDelayMinMs * 2 ** Math.min(Math.max(faults - 1, 0), 10), faultDelayMaxMs)
  return Math.round(base * (0.75 + Math.random() / 2))
}

async function stopWorker(
  worker: JobWorker,
  running: Set<Promise<unknown>>,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  const leftMs = (): number => Math.max(deadline - performance.now(), 0)
  const closed = worker.close()
  // An unavailable store keeps the worker from closing. Once no handler runs, we do not wait for it.
  do {
    await endsWithin(leftMs(), Promise.allSettled(running))
    if (await endsWithin(Math.min(leftMs(), acknowledgeMaxMs), closed)) return
  } while (running.size > 0 && leftMs() > 0)
  await worker.forceClose()
}
