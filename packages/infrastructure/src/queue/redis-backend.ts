import { Queue, Worker, type Processor, type WorkerOptions } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Lane } from '@ghostpost/delivery/deliver'
import {
  complainSeldom,
  eventsKeptMax,
  failurePauseMs,
  forEveryLane,
  laneName,
  listeningSilenceMaxMs,
  pauseAfterFailures,
  askedOnce,
  storeAnswerMaxMs,
  type BackendOptions,
  type JobData,
  type JobWorker,
  type QueueBackend,
  type ResultReader,
} from './backend.ts'
import { checkRedis } from './check-redis.ts'
import { openRedisByShard, redisOptionsOf } from './open-redis.ts'
import { readRedis } from './read-redis.ts'
import { announcing, hearResults } from './redis-results.ts'
import { shardPrefix } from './shards.ts'

/** How long opening waits for a store that may be starting; without it the first deliveries would miss their bell. */
const firstConnectionMaxMs = 2_000

type Complain = (err: unknown) => void

/**
 * BullMQ on Redis. Producers fail at once when Redis is away, as the sweeper makes good for it; workers and readers
 * wait for it to come back.
 */
export async function openRedisBackend(options: BackendOptions): Promise<QueueBackend> {
  const { url, prefix, shards, log } = options
  const complain = complainSeldom(
    log,
    'the queue is not available; deliveries are kept and go on when it is back',
  )
  const producers = openRedisByShard(url, prefix, shards, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: storeAnswerMaxMs,
    ...askedOnce,
  })
  const clients = [...new Set(producers)]
  for (const client of clients) client.on('error', complain)
  await Promise.all(clients.map(firstConnection))

  const queues = forEveryLane(shards, (lane, shard) =>
    openProducer(producers[shard], prefix, lane, shard, complain),
  )
  return {
    queues,
    raw: Object.values(queues).flat(),
    openWorker: (lane, shard, processor, workerOptions) =>
      openWorker(options, { lane, shard }, processor, workerOptions, complain),
    openResults: (hear) => openResults(options, hear, complain),
    check: () => checkRedis(producers, prefix),
    readStore: () => readRedis(clients),
    close: async () => {
      await Promise.all(Object.values(queues).flatMap((all) => all.map((queue) => queue.close())))
      for (const client of clients) client.disconnect()
    },
  }
}

async function firstConnection(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve) => {
    const enough = setTimeout(resolve, firstConnectionMaxMs)
    redis.once('ready', () => {
      clearTimeout(enough)
      resolve()
    })
  })
}

function openProducer(
  connection: Redis | undefined,
  prefix: string,
  lane: Lane,
  shard: number,
  complain: Complain,
): Queue {
  if (!connection) throw new Error(`shard ${shard} has no connection`)
  const options = {
    connection,
    prefix: shardPrefix(prefix, shard),
    streams: { events: { maxLen: eventsKeptMax } },
    // Asked while Redis is down, for its version say, a queue would never work again; workers ask for it anyway.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  }
  return new Queue(laneName(lane, shard), options).on('error', complain)
}

function openWorker(
  { url, prefix }: BackendOptions,
  { lane, shard }: { lane: Lane; shard: number },
  processor: Processor<JobData>,
  options: Omit<WorkerOptions, 'connection'>,
  complain: Complain,
): JobWorker {
  const heard = lane === 'live' ? announcing(processor, () => worker, { prefix, shard }, complain) : processor
  const worker: Worker = new Worker(laneName(lane, shard), heard, {
    ...options,
    ...patiently(url, prefix, shard),
    runRetryDelay: failurePauseMs,
  })
  pauseAfterFailures(worker.getBackend())
  worker.on('error', complain)
  return {
    pause: () => worker.pause(true),
    resume: () => void worker.resume(),
    allow: (most) => void (worker.concurrency = most),
    close: () => worker.close(),
    abandon: () => worker.getBackend().close(true),
  }
}

/** A shard's keys, and connections that wait for Redis as long as it takes. */
function patiently(
  url: string,
  prefix: string,
  shard: number,
): Pick<WorkerOptions, 'connection'> & { prefix: string } {
  const keys = shardPrefix(prefix, shard)
  const connection = {
    ...redisOptionsOf(url, keys),
    maxRetriesPerRequest: null,
    enableAutoPipelining: true,
    socketTimeout: listeningSilenceMaxMs,
  }
  return { connection: connection as WorkerOptions['connection'], prefix: keys }
}

/** A reader per shard: a worker tells what became of a delivery where it waited. */
function openResults(
  { url, prefix, shards }: BackendOptions,
  hear: (result: unknown) => void,
  complain: Complain,
): ResultReader {
  const readers = Array.from({ length: shards }, (_, shard) =>
    hearResults({ url, prefix, shard }, hear, complain),
  )
  return {
    ready: async () => void (await Promise.all(readers.map((reader) => reader.ready()))),
    close: async () => void (await Promise.all(readers.map((reader) => reader.close()))),
  }
}
