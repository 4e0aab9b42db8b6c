import { lanes, type Lane } from '@ghostpost/delivery'
import type { Logger } from '../telemetry/logger.ts'
import { consume } from './consume.ts'
import { enqueue } from './enqueue.ts'
import { endsWithin, storeAnswerMaxMs, type QueueBackend } from './backend.ts'
import type { DeliveryQueue, LaneDepth, QueueCheck } from './delivery-queue.ts'
import { listenForSettlements } from './listen-for-settlements.ts'
import { openPostgresBackend } from './postgres-backend.ts'
import { openRedisBackend } from './redis-backend.ts'

export interface QueueOptions {
  /** `redis://` or `rediss://`; `postgres://` for BullMQ's own Postgres backend. */
  url: string
  /** Keeps several installations on one store apart. */
  prefix: string
  log: Logger
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
    check: () => checkStore(backend),
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

async function checkStore(backend: QueueBackend): Promise<QueueCheck> {
  let found: QueueCheck = 'down'
  const asked = backend.check().then(
    (check) => void (found = check),
    (error: unknown) => void (found = checkOfError(error)),
  )
  await endsWithin(storeAnswerMaxMs, asked)
  return found
}

/** Redis's own words: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors; Postgres's codes. */
function checkOfError(error: unknown): QueueCheck {
  const message = error instanceof Error ? error.message : ''
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (/^OOM\b/.test(message) || code === '53100') return 'full'
  if (/^(READONLY|MISCONF)\b/.test(message) || code === '25006') return 'read_only'
  return 'down'
}
