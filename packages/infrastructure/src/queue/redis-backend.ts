import { lanes, type Lane } from '@ghostpost/delivery'
import { Queue, QueueEvents, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import {
  complainSeldom,
  eventsKeptMax,
  laneName,
  type BackendOptions,
  type JobQueue,
  type QueueBackend,
} from './backend.ts'

const commandTimeoutMs = 2_000
/** How long opening waits for a store that may be starting; without it the first deliveries would miss their bell. */
const firstConnectionMaxMs = 2_000

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
    commandTimeout: commandTimeoutMs,
    retryStrategy: reconnectDelayMs,
  })
  producer.on('error', complain)
  await firstConnection(producer)

  const own = {
    connection: { url, maxRetriesPerRequest: null, retryStrategy: reconnectDelayMs },
    prefix: `{${prefix}}`,
  }
  const queues = Object.fromEntries(lanes.map((lane) => [lane, openProducer(lane)])) as Record<Lane, JobQueue>
  function openProducer(lane: Lane): JobQueue {
    const options = { connection: producer, prefix: own.prefix, skipWaitingForReady: true }
    const queue = new Queue(laneName(lane), { ...options, streams: { events: { maxLen: eventsKeptMax } } })
    queue.on('error', complain)
    return queue
  }
  return {
    queues,
    openWorker: (lane, processor, options) => {
      const worker = new Worker(laneName(lane), processor, { ...own, ...options })
      worker.on('error', complain)
      return worker
    },
    openEvents: (lane) => {
      const events = new QueueEvents(laneName(lane), own)
      events.on('error', complain)
      return events
    },
    ping: () =>
      producer.ping().then(
        () => true,
        () => false,
      ),
    close: async () => {
      await Promise.all(Object.values(queues).map((queue) => queue.close()))
      producer.disconnect()
    },
  }
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
