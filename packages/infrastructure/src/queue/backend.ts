import type { Lane } from '@ghostpost/delivery'
import type { JobsOptions, Processor, WorkerOptions } from 'bullmq'
import type { Logger } from '../telemetry/logger.ts'

/** All a job carries: everything else is in the database, where it is current. */
export interface JobData {
  deliveryId: string
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
  openEvents: (lane: Lane) => JobEvents
  ping: () => Promise<boolean>
  close: () => Promise<void>
}

export interface JobQueue {
  add: (name: string, data: JobData, options: JobsOptions) => Promise<unknown>
  getJobCounts: (
    ...states: ('waiting' | 'prioritized' | 'active' | 'delayed')[]
  ) => Promise<Record<string, number>>
  close: () => Promise<void>
}

interface JobWorker {
  close: (force?: boolean) => Promise<void>
}

interface JobEvents {
  on: (event: 'completed', listener: (event: { jobId: string; returnvalue: unknown }) => void) => unknown
  waitUntilReady: () => Promise<unknown>
  close: () => Promise<void>
}

/** Jobs of one lane wait in a queue of this name. */
export function laneName(lane: Lane): string {
  return `deliveries-${lane}`
}

/** How many events the stream of settlements keeps; a reader that was away for longer has missed some. */
export const eventsKeptMax = 10_000

const complaintIntervalMs = 10_000

/** A store that is down makes every client complain all the time: once in a while is enough. */
export function complainSeldom(log: Logger, message: string): (err: unknown) => void {
  let silentUntil = 0
  return (err) => {
    if (Date.now() < silentUntil) return
    silentUntil = Date.now() + complaintIntervalMs
    log.warn({ err }, message)
  }
}
