import type {
  DeliveryJob,
  DueDelivery,
  Enqueue,
  JobPlace,
  Lane,
  ParkReason,
  Settlement,
  SettlementSubscription,
} from '@ghostpost/delivery/deliver'

import type { WhileIdle } from '@ghostpost/delivery/sharing'
import type { QueueBoard } from './queue-board.ts'

/** The queue's interface for the rest of the product. */
export interface DeliveryQueue {
  enqueue: Enqueue
  consume: (options: ConsumeOptions) => Consumer
  listenForSettlements: () => SettlementListener
  /**
   * Announces a settlement that no job announces, to a caller that may wait for it. Never throws: if it is lost, the
   * caller gets 202.
   */
  announce: (siteId: number, settlement: Settlement) => void
  /**
   * Makes sure that the queue has a job for each overdue delivery, whatever its store lost, and enqueues it where it
   * has none. Never throws. A job that a worker parked for its receiver or its site stays parked.
   */
  repair: (overdue: readonly DueDelivery[]) => Promise<readonly RepairResult[]>
  /**
   * Whether the store was emptied since the last call of this process, or is new. Rejects when it is unavailable.
   */
  hasLostData: () => Promise<boolean>
  /** Where the job of a due attempt is, in any lane and shard. Rejects when the store is unavailable. */
  locate: (due: Pick<DueDelivery, 'deliveryId' | 'attemptsMade'>) => Promise<JobPlace>
  depth: () => Promise<Record<Lane, LaneDepth>>
  check: () => Promise<QueueCheck>
  /** Reads facts about the queue's store; rejects when it does not respond in time. */
  readStore: () => Promise<QueueStore>
  /** Opens a read-only page that shows the queues. Both URLs end with a slash. */
  openBoard: (baseUrl: string, deliveriesUrl: string) => Promise<QueueBoard>
  close: () => Promise<void>
}

/**
 * The state of the queue's store. `full`, `read_only`: it responds and refuses writes. `evicting`: it is configured to
 * evict keys when it is full, which loses jobs. `partial`: some nodes do not respond; the shards on the others work.
 * `forbidden`: it refuses the user, or a command that the queue needs.
 */
export type QueueCheck = 'ok' | 'down' | 'full' | 'read_only' | 'evicting' | 'partial' | 'forbidden'

/** Whether jobs can be enqueued and taken, at least in some shards. */
export function isUsable(check: QueueCheck): boolean {
  return check === 'ok' || check === 'evicting' || check === 'partial'
}

export interface LaneDepth {
  waiting: number
  active: number
  delayed: number
  /** Jobs that the queue gave up. Always 0 unless this system has an error: the database decides what failed. */
  failed: number
}

/** Null where the store gives no value. */
export interface QueueStore {
  kind: 'redis' | 'postgres'
  version: string | null
  /** Response time in milliseconds. */
  latencyMs: number
  usedBytes: number | null
  /** Memory limit; null for none. */
  maxBytes: number | null
  /** What happens at the memory limit. A queue needs `noeviction`. */
  evictionPolicy: string | null
  clients: number | null
  /** Whether its data survives a restart. */
  isPersistent: boolean | null
  uptimeSeconds: number | null
}

export interface ConsumeOptions {
  lane: Lane
  /** Names this process in the locks of its jobs (`Consumer.releaseJobsOf`); random unless given. */
  workerId?: string
  /** Most jobs that work at once. A job that waits for a response does not count. */
  concurrency: number
  /** Most jobs that have started and not ended, those that wait for a response included. One site gets a share. */
  inFlight: number
  /** A worker without a sign of life for this long counts as dead, and other workers get its jobs; milliseconds. */
  lockMs: number
  /** Called for a job that goes back into the queue because its site has its share of the jobs in flight. */
  onPostponed?: () => void
  /**
   * Handles one job; `whileIdle` runs a part of it that only waits; `onAdmitted` says that its receiver's budget
   * admitted it. An exception is an error of this system: it is logged, and the job runs again.
   */
  handle: (job: DeliveryJob, whileIdle: WhileIdle, onAdmitted: () => void) => Promise<ConsumeResult>
}

export type ConsumeResult =
  | { kind: 'done'; settlement: Settlement | null }
  /**
   * Run the job again after `waitMs`; no attempt was made. `everyMs`: the time between two requests that its receiver
   * can take; 0 when unknown.
   */
  | { kind: 'again'; waitMs: number; because: ParkReason; everyMs?: number }

/** `queued`: the queue has its job. `enqueued`: the queue had none. `failed`: the store refused or did not respond. */
export type RepairResult = 'queued' | 'enqueued' | 'failed'

export interface Consumer {
  /** Stops taking new jobs until resumed. Running jobs continue. */
  pause: () => Promise<void>
  resume: () => void
  /**
   * Puts the jobs of a worker that has ended back into the queue, in the lane and the shards of this consumer. Returns
   * their number.
   */
  releaseJobsOf: (workerId: string) => Promise<number>
  /** Stops taking new jobs and waits for running jobs, at most `timeoutMs`. */
  stop: (timeoutMs: number) => Promise<void>
}

export interface SettlementListener {
  /** Resolves once it listens. Until then it misses settlements, and their callers get 202. */
  ready: () => Promise<void>
  expect: (deliveryId: string) => SettlementSubscription
  /** Stops listening. All waiting callers get null. */
  close: () => Promise<void>
}
