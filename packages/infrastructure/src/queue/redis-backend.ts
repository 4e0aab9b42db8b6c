import { lanes, type Lane } from '@ghostpost/delivery'
import { Queue, QueueEvents, Worker, type QueueEventsOptions } from 'bullmq'
import { Redis } from 'ioredis'
import {
  complainSeldom,
  endsWithin,
  eventsKeptMax,
  failurePauseMs,
  laneName,
  listeningSilenceMaxMs,
  pauseAfterFailures,
  silenceMaxMs,
  storeAnswerMaxMs,
  type BackendOptions,
  type JobQueue,
  type QueueBackend,
  type ResultReader,
} from './backend.ts'

/** How long opening waits for a store that may be starting; without it the first deliveries would miss their bell. */
const firstConnectionMaxMs = 2_000
const closeMaxMs = 1_000

type Complain = (err: unknown) => void

/**
 * BullMQ on Redis. Producers fail at once when Redis is away, as the sweeper makes good for it; workers and readers
 * wait for it to come back.
 */
export async function openRedisBackend({ url, prefix, log }: BackendOptions): Promise<QueueBackend> {
  const complain = complainSeldom(
    log,
    'the queue is not available; deliveries are kept and go on when it is back',
  )
  const producer = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: storeAnswerMaxMs,
    socketTimeout: silenceMaxMs,
    retryStrategy: reconnectDelayMs,
  })
  producer.on('error', complain)
  await firstConnection(producer)

  const own: OwnConnection = {
    connection: {
      url,
      maxRetriesPerRequest: null,
      socketTimeout: listeningSilenceMaxMs,
      retryStrategy: reconnectDelayMs,
    },
    // In braces: a Redis Cluster keeps keys with the same text in braces on the same node.
    prefix: `{${prefix}}`,
  }
  const queues = openProducers(producer, own.prefix, complain)
  return {
    queues,
    openWorker: (lane, processor, options) => {
      const worker = new Worker(laneName(lane), processor, {
        ...own,
        ...options,
        runRetryDelay: failurePauseMs,
      })
      pauseAfterFailures(worker.getBackend())
      worker.on('error', complain)
      return {
        pause: () => worker.pause(true),
        resume: () => void worker.resume(),
        close: () => worker.close(),
        abandon: () => worker.getBackend().close(true),
      }
    },
    openResults: (hear) => openResults(own, hear, complain),
    check: () => checkRedis(producer, own.prefix),
    close: async () => {
      await Promise.all(Object.values(queues).map((queue) => queue.close()))
      producer.disconnect()
    },
  }
}

/** Writes, as only that shows a store that is full or read-only. */
async function checkRedis(redis: Redis, prefix: string): Promise<'ok' | 'evicting'> {
  const [, info] = await Promise.all([redis.set(`${prefix}:check`, '1', 'PX', 10_000), redis.info('memory')])
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
  return policy === 'noeviction' ? 'ok' : 'evicting'
}

function reconnectDelayMs(tries: number): number {
  return Math.min(50 * 2 ** Math.min(tries, 6), 2_000)
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

function openProducers(
  connection: Redis,
  prefix: string,
  complain: Complain,
): Record<Lane, JobQueue & { close: () => Promise<void> }> {
  const options = {
    connection,
    prefix,
    streams: { events: { maxLen: eventsKeptMax } },
    // Asked while Redis is down, for its version say, a queue would never work again; workers ask for it anyway.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  }
  const open = (lane: Lane): Queue => new Queue(laneName(lane), options).on('error', complain)
  return Object.fromEntries(lanes.map((lane) => [lane, open(lane)])) as Record<Lane, Queue>
}

type OwnConnection = Pick<QueueEventsOptions, 'connection'> & { prefix: string }

function openResults(own: OwnConnection, hear: (result: unknown) => void, complain: Complain): ResultReader {
  // From the stream's beginning, which is bounded: "from now on" misses what happens between two reads.
  const events = new QueueEvents(laneName('live'), { ...own, lastEventId: '0-0' })
  events.on('error', complain)
  events.on('completed', ({ returnvalue }: { returnvalue: unknown }) => hear(returnvalue))
  return {
    ready: () => events.waitUntilReady(),
    close: async () => {
      // Without Redis the orderly way does not end.
      if (!(await endsWithin(closeMaxMs, events.close()))) await events.getBackend().close(true)
    },
  }
}
