import type { DueDelivery, Enqueue, Lane, Settlement, SettlementExpectation } from '@ghostpost/delivery'

/** What the rest of the product knows of the queue. */
export interface DeliveryQueue {
  enqueue: Enqueue
  consume: (options: ConsumeOptions) => Consumer
  listenForSettlements: () => SettlementListener
  depth: () => Promise<Record<Lane, LaneDepth>>
  check: () => Promise<QueueCheck>
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
}

export interface ConsumeOptions {
  lane: Lane
  concurrency: number
  /** A worker that has not been heard of for so long is taken for dead, and its jobs go to others. */
  lockMs: number
  /** What to do with a due delivery. What it throws is our own fault: it is logged and the delivery comes again. */
  handle: (due: DueDelivery) => Promise<Consumed>
}

export type Consumed =
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
  expect: (deliveryId: string) => SettlementExpectation
  /** Ends the waiting of all, without a settlement. */
  close: () => Promise<void>
}
