import { setTimeout as pause } from 'node:timers/promises'
import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { IQueueBackend, JobsOptions, Processor, Queue, WorkerOptions } from 'bullmq'
import type { Logger } from '../telemetry/logger.ts'
import type { QueueStore } from './delivery-queue.ts'
import { shardSuffix } from './shards.ts'

/**
 * All a job carries beside its id, which names the delivery: everything else is in the database, where it is current.
 * Redis keeps a small hash in half the memory as long as each of its values is at most 64 bytes
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/memory-optimization/), so what is the same
 * for all jobs is said where they are consumed.
 */
export interface JobData {
  /** Key of its receiver's budget, which is asked before the database is. */
  budget: string
}

export interface BackendOptions {
  url: string
  prefix: string
  /** How many queues each lane has. */
  shards: number
  log: Logger
}

/** What we use of BullMQ, the same on both of its backends. */
export interface QueueBackend {
  /** A queue per shard. */
  queues: Record<Lane, readonly JobQueue[]>
  /** The same as BullMQ has them, for those who want to see its own. */
  raw: readonly Queue[]
  openWorker: (
    lane: Lane,
    shard: number,
    processor: Processor<JobData>,
    options: Omit<WorkerOptions, 'connection'>,
  ) => JobWorker
  /** Brings what the live lane's processors returned, wherever they ran; null is not brought. */
  openResults: (onResult: (result: unknown) => void) => ResultReader
  /** Resolves to what is wrong, if it answers; rejects when it does not, or refuses. */
  check: () => Promise<'ok' | 'evicting' | 'partial'>
  readStore: () => Promise<Omit<QueueStore, 'latencyMs'>>
  close: () => Promise<void>
}

export interface QueuedJob {
  isDelayed: () => Promise<boolean>
  /** Makes a delayed job due; rejects when it is not delayed. */
  promote: () => Promise<void>
}

export interface JobQueue {
  add: (name: string, data: JobData, options: JobsOptions) => Promise<QueuedJob>
  /** Of that id, whatever state it is in. */
  getJob: (jobId: string) => Promise<QueuedJob | undefined>
  getJobCounts: (
    ...states: ('waiting' | 'prioritized' | 'active' | 'delayed' | 'failed')[]
  ) => Promise<Record<string, number>>
}

export interface JobWorker {
  pause: () => Promise<void>
  resume: () => void
  /** How many at once from now on. */
  setConcurrency: (concurrency: number) => void
  /** Takes nothing new, and resolves when all that is under way is finished and stored. */
  close: () => Promise<void>
  /** Cuts the connections; what is under way stays in the queue, and another worker takes it over. */
  forceClose: () => Promise<void>
}

export interface ResultReader {
  ready: () => Promise<void>
  close: () => Promise<void>
}

/** Jobs of a lane's shard wait in a queue of this name. */
export function queueName(lane: Lane, shard: number): string {
  return `lane-${lane}${shardSuffix(shard)}`
}

/** One thing for every shard of every lane. */
export function mapLaneShards<T>(shards: number, make: (lane: Lane, shard: number) => T): Record<Lane, T[]> {
  const numbers = Array.from({ length: shards }, (_, shard) => shard)
  const entries = lanes.map((lane) => [lane, numbers.map((shard) => make(lane, shard))] as const)
  return Object.fromEntries(entries) as Record<Lane, T[]>
}

/** How many events of its own BullMQ keeps of a lane; nobody reads them. */
export const eventsStoredMax = 100

/** How long a caller waits for the store's answer before the store counts as away. */
export const storeTimeoutMs = 1_000

/** How long a store that failed is left alone. */
export const failurePauseMs = 1_000

/**
 * A connection that owes an answer and brings nothing for so long is given up and made anew: one that a firewall or a
 * failed-over network has forgotten is never told to be broken, and would keep its process waiting for good.
 */
const silenceTimeoutMs = 5_000

/**
 * Of connections whose callers give up after a moment: what was not answered is not sent again after a reconnection, as
 * nobody waits for it, and a place taken or a failure counted late is wrong.
 */
export const noResend = { socketTimeout: silenceTimeoutMs, autoResendUnfulfilledCommands: false } as const

/** The same where the answer is to come when there is something to tell, which is asked for at most 10 s at a time. */
export const listenSilenceTimeoutMs = 15_000

const warnIntervalMs = 10_000

/** A store that is down makes every client complain all the time: once in a while is enough. */
export function warnThrottled(log: Logger, message: string): (err: unknown) => void {
  let quietUntil = 0
  return (err) => {
    if (performance.now() < quietUntil) return
    quietUntil = performance.now() + warnIntervalMs
    log.warn({ err }, message)
  }
}

/**
 * A worker waits for a lost connection, but asks again at once after any other error of the store (too many clients,
 * out of memory, read-only after a failover). This makes it wait there, too.
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

/** True when `work` came to its end, well or badly, within `timeoutMs`. */
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
