import { lanes, type JobPlace, type Lane } from '@ghostpost/delivery/deliver'
import { isRedisUrl } from '../config/redis-url.ts'
import { consumeLane } from './consume-lane.ts'
import type { DeliveryQueue, LaneDepth, QueueCheck, QueueStore } from './delivery-queue.ts'
import { createEnqueue, repairJobs } from './enqueue.ts'
import { listenForSettlements } from './listen-for-settlements.ts'
import { openPostgresBackend } from './postgres-backend.ts'
import { endsWithin, storeTimeoutMs, warnThrottled, type QueueBackend } from './queue-backend.ts'
import { jobIdOf } from './job-options.ts'
import { isForbidden } from './queue-error.ts'
import { openRedisBackend } from './redis-backend.ts'
import { shardOf } from './shards.ts'
import type { Logger } from '../telemetry/logger.ts'

export interface QueueOptions {
  /** Redis of any kind (config/redis-url.ts), or `postgres://` for BullMQ's own Postgres backend. */
  url: string
  /** Separates several installations on one store. */
  prefix: string
  /** Number of queues over which each lane is spread by site; 1 unless given. */
  shards?: number
  /** The shards from which this process takes jobs; all unless given. */
  consumedShards?: readonly number[]
  log: Logger
}

/** Opens the queue. The store may be unavailable; the queue connects as soon as it is available. */
export async function openQueue(options: QueueOptions): Promise<DeliveryQueue> {
  const { url, prefix, shards = 1, log } = options
  const consumedShards = options.consumedShards ?? Array.from({ length: shards }, (_, shard) => shard)
  const open = isRedisUrl(url) ? openRedisBackend : openPostgresBackend
  // Shards beyond the configured number are still consumed and counted until they are empty.
  const backend = await open({
    url,
    prefix,
    shards: Math.max(shards, ...consumedShards.map((one) => one + 1)),
    log,
  })
  return {
    enqueue: createEnqueue(backend, shards, log),
    consume: (lane) => consumeLane(backend, lane, consumedShards, log),
    listenForSettlements: () => listenForSettlements(backend),
    announce: announceIn(backend, shards, log),
    repair: repairJobs(backend, shards, log),
    hasLostData: backend.hasLostData,
    locate: ({ deliveryId, attemptsMade }) => locateJob(backend, jobIdOf(deliveryId, attemptsMade)),
    depth: () => readDepth(backend),
    check: () => checkStore(backend),
    readStore: () => readStore(backend),
    openBoard: async (base, deliveries) => {
      // Loaded on demand: only an API with GHOSTPOST_RAW_QUEUES shows it.
      const { openQueueBoard } = await import('./queue-board.ts')
      return openQueueBoard(backend.raw, base, deliveries)
    },
    close: backend.close,
  }
}

function announceIn(backend: QueueBackend, shards: number, log: Logger): DeliveryQueue['announce'] {
  const warn = warnThrottled(log, 'a settlement could not be announced; its caller gets 202')
  return (siteId, settlement) => {
    backend.announce(shardOf(siteId, shards), settlement).catch(warn)
  }
}

const countedStates = ['waiting', 'prioritized', 'active', 'delayed', 'failed'] as const

/** The number of shards may have changed since the job was added. */
async function locateJob({ queues, inspect }: QueueBackend, jobId: string): Promise<JobPlace> {
  const places = await Promise.all(
    lanes.flatMap((lane) => queues[lane].map((_, shard) => inspect(lane, shard, 'look', [jobId]))),
  )
  return places.flat().find(({ kind }) => kind !== 'lost') ?? { kind: 'lost' }
}

async function readDepth(backend: QueueBackend): Promise<Record<Lane, LaneDepth>> {
  const depths = await Promise.all(
    lanes.map(async (lane) => {
      return [
        lane,
        await sumCounts(backend.queues[lane].map((queue) => queue.getJobCounts(...countedStates))),
      ] as const
    }),
  )
  return Object.fromEntries(depths) as Record<Lane, LaneDepth>
}

/** Adds up the shards that can be read; rejects when none can. */
async function sumCounts(counts: readonly Promise<Record<string, number>>[]): Promise<LaneDepth> {
  await Promise.any(counts)
  const known = (await Promise.allSettled(counts)).filter((one) => one.status === 'fulfilled')
  const total = (state: string): number => known.reduce((sum, { value }) => sum + (value[state] ?? 0), 0)
  return {
    waiting: total('waiting') + total('prioritized'),
    active: total('active'),
    delayed: total('delayed'),
    failed: total('failed'),
  }
}

async function readStore(backend: QueueBackend): Promise<QueueStore> {
  const start = performance.now()
  const store = await backend.readStore()
  return { ...store, latencyMs: performance.now() - start }
}

async function checkStore(backend: QueueBackend): Promise<QueueCheck> {
  let result: QueueCheck = 'down'
  const checking = backend.check().then(
    (check) => void (result = check),
    (error: unknown) => void (result = checkOfError(error)),
  )
  await endsWithin(storeTimeoutMs, checking)
  return result
}

/**
 * Maps Redis's simple errors (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors) and
 * Postgres's codes.
 */
function checkOfError(error: unknown): QueueCheck {
  const message = error instanceof Error ? error.message : ''
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (/^OOM\b/.test(message) || code === '53100') return 'full'
  if (/^(READONLY|MISCONF)\b/.test(message) || code === '25006') return 'read_only'
  if (isForbidden(error)) return 'forbidden'
  return 'down'
}
