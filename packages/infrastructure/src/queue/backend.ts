import { setTimeout as pause } from 'node:timers/promises'
import type { Lane } from '@ghostpost/delivery'
import type { IQueueBackend, JobsOptions, Processor, WorkerOptions } from 'bullmq'
import type { Logger } from '../telemetry/logger.ts'

/** All a job carries: everything else is in the database, where it is current. */
export interface JobData {
  deliveryId: string
  /** Key of its receiver's budget, which is asked before the database is. */
  budget: string
}

export interface BackendOptions {
  url: string
  prefix: string
  log: Logger
}

/** What we use of BullMQ, the same on both of its backends. */
export interface QueueBackend {
  queues: Record<Lane, JobQueue>
  openWorker: (
    lane: Lane,
    processor: Processor<JobData>,
    options: Omit<WorkerOptions, 'connection'>,
  ) => JobWorker
  /** Brings what the live lane's processors returned, wherever they ran; null is not brought. */
  openResults: (hear: (result: unknown) => void) => ResultReader
  /** Resolves to what is wrong, if it answers; rejects when it does not, or refuses. */
  check: () => Promise<'ok' | 'evicting'>
  close: () => Promise<void>
}

export interface QueuedJob {
  isDelayed: () => Promise<boolean>
  /** Makes a delayed job due; rejects when it is not delayed. */
  promote: () => Promise<void>
}

export interface JobQueue {
  add: (name: string, data: JobData, options: JobsOptions) => Promise<QueuedJob>
  getJobCounts: (
    ...states: ('waiting' | 'prioritized' | 'active' | 'delayed')[]
  ) => Promise<Record<string, number>>
}

export interface JobWorker {
  pause: () => Promise<void>
  resume: () => void
  /** Takes nothing new, and resolves when all that is under way is finished and stored. */
  close: () => Promise<void>
  /** Cuts the connections; what is under way stays in the queue, and another worker takes it over. */
  abandon: () => Promise<void>
}

export interface ResultReader {
  ready: () => Promise<void>
  close: () => Promise<void>
}

/** Jobs of one lane wait in a queue of this name. */
export function laneName(lane: Lane): string {
  return `deliveries-${lane}`
}

/** How many events a lane's stream keeps; a reader that was away for longer has missed some. BullMQ's own default. */
export const eventsKeptMax = 10_000

/** How long a caller waits for the store's answer before the store counts as away. */
export const storeAnswerMaxMs = 1_000

/** How long a store that failed is left alone. */
export const failurePauseMs = 1_000

/**
 * A connection that owes an answer and brings nothing for so long is given up and made anew: one that a firewall or a
 * failed-over network has forgotten is never told to be broken, and would keep its process waiting for good.
 */
export const silenceMaxMs = 5_000

/** The same where the answer is to come when there is something to tell, which is asked for at most 10 s at a time. */
export const listeningSilenceMaxMs = 15_000

const complaintIntervalMs = 10_000

/** A store that is down makes every client complain all the time: once in a while is enough. */
export function complainSeldom(log: Logger, message: string): (err: unknown) => void {
  let silentUntil = 0
  return (err) => {
    if (performance.now() < silentUntil) return
    silentUntil = performance.now() + complaintIntervalMs
    log.warn({ err }, message)
  }
}

/**
 * A worker waits for a lost connection, but asks again at once after any other error of the store (too many clients,
 * out of memory, read-only after a failover). This makes it wait there, too.
 */
export function pauseAfterFailures(backend: Pick<IQueueBackend, 'moveToActive'>): void {
  const take = backend.moveToActive.bind(backend)
  backend.moveToActive = async (...args) => {
    try {
      return await take(...args)
    } catch (error) {
      await pause(failurePauseMs)
      throw error
    }
  }
}

/** True when `work` came to its end, well or badly, within `timeoutMs`. */
export async function endsWithin(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => resolve(false), timeoutMs)
  const ended = work.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([ended, late])
  } finally {
    clearTimeout(timer)
  }
}
