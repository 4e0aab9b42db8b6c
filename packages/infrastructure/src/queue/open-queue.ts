import { lanes, type Enqueue, type Lane, type Settlement } from '@ghostpost/delivery'
import type { Logger } from '../telemetry/logger.ts'
import { consume } from './consume.ts'
import { enqueue } from './enqueue.ts'
import type { QueueBackend } from './backend.ts'
import { listenForSettlements, type SettlementListener } from './listen-for-settlements.ts'
import { openPostgresBackend } from './postgres-backend.ts'
import { openRedisBackend } from './redis-backend.ts'

/** How many events the stream of settlements keeps; a reader that was away longer than that has missed some. */
export const eventsKeptMax = 10_000

export interface QueueOptions {
  /** `redis://` or `rediss://`; `postgres://` for BullMQ's own Postgres backend. */
  url: string
  /** Keeps several installations on one store apart. */
  prefix: string
  log: Logger
}

export interface DeliveryQueue {
  enqueue: Enqueue
  consume: (options: ConsumeOptions) => Consumer
  listenForSettlements: () => SettlementListener
  depth: () => Promise<Record<Lane, LaneDepth>>
  ping: () => Promise<boolean>
  close: () => Promise<void>
}

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
  handle: (deliveryId: string) => Promise<Consumed>
}

export type Consumed =
  | { kind: 'done'; settlement: Settlement | null }
  /** Not now; no attempt was made. */
  | { kind: 'again'; waitMs: number }

export interface Consumer {
  /** Takes nothing new and waits for what is under way, at most `timeoutMs`. */
  stop: (timeoutMs: number) => Promise<void>
}

/** Opens the queue. The store need not be up; it is connected to as soon as it is. */
export async function openQueue({ url, prefix, log }: QueueOptions): Promise<DeliveryQueue> {
  const open = /^rediss?:/.test(url) ? openRedisBackend : openPostgresBackend
  const backend = await open({ url, prefix, log })
  return {
    enqueue: enqueue(backend, log),
    consume: (options) => consume(backend, options, log),
    listenForSettlements: () => listenForSettlements(backend),
    depth: () => readDepth(backend),
    ping: backend.ping,
    close: backend.close,
  }
}

async function readDepth(backend: QueueBackend): Promise<Record<Lane, LaneDepth>> {
  const depths = await Promise.all(
    lanes.map(async (lane) => {
      const counts = await backend.queues[lane].getJobCounts('waiting', 'prioritized', 'active', 'delayed')
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0 } = counts
      return [lane, { waiting: waiting + prioritized, active, delayed }] as const
    }),
  )
  return Object.fromEntries(depths) as Record<Lane, LaneDepth>
}
