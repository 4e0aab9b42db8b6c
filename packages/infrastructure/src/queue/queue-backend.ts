import { lanes, type JobPlace, type Lane, type ParkReason } from '@ghostpost/delivery/deliver'
import type { IQueueBackend, Job, JobsOptions, Processor, Queue, WorkerOptions } from 'bullmq'
import { setTimeout as pause } from 'node:timers/promises'
import type { QueueStore } from './delivery-queue.ts'
import { shardSuffix } from './shards.ts'
import type { Logger } from '../telemetry/logger.ts'

/**
 * The data of a job besides its id, which names the delivery. Everything else is read from the database when the job
 * runs. Options that are equal for all jobs are set by the consumer: Redis stores a small hash in half the memory if
 * each
 * value has at most 64 bytes
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/memory-optimization/).
 */
export interface JobData {
  /** Key of its receiver's budget, which the worker asks before it uses the database. */
  budget: string
  /** Present for an attempt that does not wait for the receiver's circuit breaker. */
  probe?: true
}

export interface BackendOptions {
  url: string
  prefix: string
  /** Number of queues of each lane. */
  shards: number
  log: Logger
}

/** The part of BullMQ that we use, equal for both of its backends. */
export interface QueueBackend {
  /** A queue per shard. */
  queues: Record<Lane, readonly JobQueue[]>
  /** The same queues as BullMQ's own type, for bull-board. */
  raw: readonly Queue[]
  openWorker: (
    lane: Lane,
    shard: number,
    workerId: string,
    processor: Processor<JobData>,
    options: Omit<WorkerOptions, 'connection'>,
  ) => JobWorker
  /** Finds the places of jobs in a lane's shard, in the order of their ids. */
  inspect: (
    lane: Lane,
    shard: number,
    action: InspectAction,
    jobIds: readonly string[],
  ) => Promise<readonly JobPlace[]>
  /**
   * Whether the store lost its data since the last call, as far as this process knows. At the first call: whether it
   * has no data yet.
   */
  hasLostData: () => Promise<boolean>
  /** Receives the results of all live lane processors of all processes, except null. */
  openResults: (onResult: (result: unknown) => void) => ResultReader
  /** Sends a result to all readers as the processor of a live lane's shard does. */
  announce: (shard: number, result: unknown) => Promise<unknown>
  /** Resolves to the store's state; rejects when it does not respond or refuses writes. */
  check: () => Promise<'ok' | 'evicting' | 'partial'>
  readStore: () => Promise<Omit<QueueStore, 'latencyMs'>>
  close: () => Promise<void>
}

/** `look` changes nothing. `repair` and `promote` remove what is left of a lost job, so that it can be added again. */
export type InspectAction = 'look' | 'repair' | 'promote'

export interface JobQueue {
  add: (name: string, data: JobData, options: JobsOptions) => Promise<unknown>
  getJobCounts: (
    ...states: ('waiting' | 'prioritized' | 'active' | 'delayed' | 'failed')[]
  ) => Promise<Record<string, number>>
}

export interface JobWorker {
  /**
   * Puts a running job aside for `waitMs`.
   * @param token of the job's lock
   */
  park: (job: Job<JobData>, token: string | undefined, waitMs: number, because: ParkReason) => Promise<void>
  pause: () => Promise<void>
  resume: () => void
  /** Makes the jobs that are locked by this worker wait again; returns their number. */
  releaseJobsOf: (workerId: string) => Promise<number>
  /** Stops taking new jobs; resolves when all running jobs are finished and stored. */
  close: () => Promise<void>
  /** Closes the connections. Running jobs stay in the queue, and another worker takes them over. */
  forceClose: () => Promise<void>
}

export interface ResultReader {
  ready: () => Promise<void>
  close: () => Promise<void>
}

/** The name of the queue of a lane's shard. */
export function queueName(lane: Lane, shard: number): string {
  return `lane-${lane}${shardSuffix(shard)}`
}

/** Makes one object for each shard of each lane. */
export function mapLaneShards<T>(shards: number, make: (lane: Lane, shard: number) => T): Record<Lane, T[]> {
  const numbers = Array.from({ length: shards }, (_, shard) => shard)
  const entries = lanes.map((lane) => [lane, numbers.map((shard) => make(lane, shard))] as const)
  return Object.fromEntries(entries) as Record<Lane, T[]>
}

/** How many of its own events BullMQ stores per lane. We read none of them. */
export const eventsStoredMax = 100

/** How long a caller waits for the store before the store counts as unavailable, in milliseconds. */
export const storeTimeoutMs = 1_000

/** The pause after a failure of the store, in milliseconds. */
export const failurePauseMs = 1_000

/**
 * A connection that owes a response and received nothing for this long is opened again. After a firewall or a failover
 * dropped a connection, no error arrives, and the process would wait forever.
 */
const silenceTimeoutMs = 5_000

/**
 * For connections whose callers give up after a short time: a command without a response is not sent again after a
 * reconnection. No caller waits for it, and a slot taken late or a failure counted late would be wrong.
 */
export const noResend = { socketTimeout: silenceTimeoutMs, autoResendUnfulfilledCommands: false } as const

/** The same for blocking reads, which wait at most 10 s for an entry. */
export const listenSilenceTimeoutMs = 15_000

const warnIntervalMs = 10_000

/** Logs at most one warning per 10 s: every client of an unavailable store reports errors all the time. */
export function warnThrottled(log: Logger, message: string): (err: unknown) => void {
  let quietUntil = 0
  return (err) => {
    if (performance.now() < quietUntil) return
    quietUntil = performance.now() + warnIntervalMs
    log.warn({ err }, message)
  }
}

/**
 * Makes a worker pause after every error of the store. BullMQ waits for a lost connection, but tries again at once
 * after
 * other errors (too many clients, out of memory, read-only after a failover).
 */
export function pauseAfterFailures(backend: Pick<IQueueBackend, 'moveToActive'>): void {
  const moveToActive = backend.moveToActive.bind(backend)
  backend.moveToActive = async (...args) => {
    try {
      return await moveToActive(...args)
    } catch (error) {
      await pause(failurePauseMs)
      throw error
    }
  }
}

/**
 * Names the process in the tokens with which its worker locks jobs: `<worker id>:<number>`. BullMQ gives each worker a
 * random id, and makes the tokens of it.
 */
export function nameWorker(worker: { readonly id: string }, workerId: string): void {
  Object.assign(worker, { id: workerId })
}

/** Resolves to true when `work` settled within `timeoutMs`. */
export async function endsWithin(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: timedOut, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => resolve(false), timeoutMs)
  const settled = work.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([settled, timedOut])
  } finally {
    clearTimeout(timer)
  }
}
