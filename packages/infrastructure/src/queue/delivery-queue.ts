import type {
  DeliveryJob,
  DueDelivery,
  Enqueue,
  Lane,
  Settlement,
  SettlementSubscription,
} from '@ghostpost/delivery/deliver'

import type { QueueBoard } from './queue-board.ts'

/** What the rest of the product knows of the queue. */
export interface DeliveryQueue {
  enqueue: Enqueue
  consume: (options: ConsumeOptions) => Consumer
  listenForSettlements: () => SettlementListener
  /** Whether it has a job for a due attempt, in any lane, delayed or active. Rejects when the store is unavailable. */
  has: (due: Pick<DueDelivery, 'deliveryId' | 'attemptsMade'>) => Promise<boolean>
  depth: () => Promise<Record<Lane, LaneDepth>>
  check: () => Promise<QueueCheck>
  /** What the queue's store says of itself; rejects when it does not answer in time. */
  readStore: () => Promise<QueueStore>
  /** Opens a page that shows the queues themselves, read-only. Addresses with a slash at their end. */
  openBoard: (baseUrl: string, deliveriesUrl: string) => QueueBoard
  close: () => Promise<void>
}

/**
 * Whether the queue's store does its work. `full` and `read_only`: it answers and takes nothing. `evicting`: it is
 * configured to throw data away when it is full, which a queue must not. `partial`: some of its nodes do not answer; the
 * shards on the others work.
 */
export type QueueCheck = 'ok' | 'down' | 'full' | 'read_only' | 'evicting' | 'partial'

export interface LaneDepth {
  waiting: number
  active: number
  delayed: number
  /** Given up by the queue itself, which is a fault of ours: what becomes of a delivery is decided in the database. */
  failed: number
}

/** Null where the store does not say. */
export interface QueueStore {
  kind: 'redis' | 'postgres'
  version: string | null
  /** How long it took to answer, in milliseconds. */
  latencyMs: number
  usedBytes: number | null
  /** The most it may use; null for no limit. */
  maxBytes: number | null
  /** What it does when that is used up: `noeviction` is what a queue needs. */
  evictionPolicy: string | null
  clients: number | null
  /** Whether what it holds survives its restart. */
  isPersistent: boolean | null
  uptimeSeconds: number | null
}

export interface ConsumeOptions {
  lane: Lane
  concurrency: number
  /** A worker that has not been heard of for so long is taken for dead, and its jobs go to others. */
  lockMs: number
  /** Handles one job. An exception is an error of this system: it is logged, and the job runs again. */
  handle: (job: DeliveryJob) => Promise<ConsumeResult>
}

export type ConsumeResult =
  | { kind: 'done'; settlement: Settlement | null }
  /** Not now; no attempt was made. */
  | { kind: 'again'; waitMs: number }

export interface Consumer {
  /** Takes nothing new until it is let go on; what is under way goes on. */
  pause: () => Promise<void>
  resume: () => void
  /** Takes nothing new and waits for what is under way, at most `timeoutMs`. */
  stop: (timeoutMs: number) => Promise<void>
}

export interface SettlementListener {
  /** Resolves once it hears; until then settlements are missed, and their callers are told 202. */
  ready: () => Promise<void>
  expect: (deliveryId: string) => SettlementSubscription
  /** Ends the waiting of all, without a settlement. */
  close: () => Promise<void>
}
