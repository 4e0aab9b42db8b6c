import type { Lane, ParkReason } from '@ghostpost/delivery/deliver'
import { Queue, Worker, type Job, type Processor, type WorkerOptions } from 'bullmq'
import type { Redis } from 'ioredis'
import { checkRedis } from './check-redis.ts'
import { corkWrites } from './cork-writes.ts'
import { watchForDataLoss } from './data-loss.ts'
import { followStream, type StreamEntry } from './follow-stream.ts'
import { defineInspectJobs, formatParking, inspectJobs, parkedField } from './inspect-jobs.ts'
import { openRedisByShard, redisOptionsOf } from './open-redis.ts'
import {
  eventsStoredMax,
  failurePauseMs,
  listenSilenceTimeoutMs,
  mapLaneShards,
  nameWorker,
  noResend,
  pauseAfterFailures,
  queueName,
  storeTimeoutMs,
  warnThrottled,
  type BackendOptions,
  type JobData,
  type JobWorker,
  type QueueBackend,
  type ResultReader,
} from './queue-backend.ts'
import { isForbidden } from './queue-error.ts'
import { readRedis } from './read-redis.ts'
import { releaseJobs, type StalledJobs } from './release-jobs.ts'
import { shardPrefix } from './shards.ts'

/** How long opening waits for a store that may be starting, so that the first deliveries can be enqueued. */
const firstConnectionTimeoutMs = 2_000

type Warn = (err: unknown) => void

/**
 * BullMQ on Redis. Producers fail at once when Redis is unavailable, because the sweeper enqueues later. Workers and
 * readers wait until it is back.
 */
export async function openRedisBackend(options: BackendOptions): Promise<QueueBackend> {
  const { url, prefix, shards, log } = options
  const warnUnavailable = warnThrottled(
    log,
    'the queue is unavailable; deliveries are stored and continue when it is back',
  )
  const refusals = rememberRefusals()
  const warn: Warn = (err) => {
    refusals.note(err)
    warnUnavailable(err)
  }
  const producers = openRedisByShard(url, prefix, shards, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: storeTimeoutMs,
    ...noResend,
  })
  const clients = [...new Set(producers)]
  for (const client of clients) client.on('error', warn)
  const inspecting = producers.map(defineInspectJobs)
  await Promise.all(clients.map(waitForConnection))

  const queues = mapLaneShards(shards, (lane, shard) =>
    noteFailures(openProducer(atShard(producers, shard), prefix, lane, shard, warn), refusals.note),
  )
  return {
    queues,
    raw: Object.values(queues).flat(),
    openWorker: (lane, shard, workerId, processor, workerOptions) => {
      const worker = openWorker(options, { lane, shard, workerId }, processor, workerOptions, warn)
      return { ...worker, releaseJobsOf: (id) => releaseJobs(producers[shard], worker, id) }
    },
    inspect: (lane, shard, action, jobIds) => {
      const queueKey = `${shardPrefix(prefix, shard)}:${queueName(lane, shard)}`
      return inspectJobs(atShard(inspecting, shard), queueKey, action, jobIds)
    },
    hasLostData: watchForDataLoss(producers, prefix),
    openResults: (onResult) => openResults(options, onResult, warn),
    announce: (shard, result) => {
      const entry = ['result', JSON.stringify(result)]
      return atShard(producers, shard).xadd(
        resultsKey(prefix, shard),
        'MAXLEN',
        resultsStoredMax,
        '*',
        ...entry,
      )
    },
    check: async () => {
      refusals.throwRecent()
      return checkRedis(producers, prefix)
    },
    readStore: () => readRedis(clients),
    close: async () => {
      await Promise.all(Object.values(queues).flatMap((all) => all.map((queue) => queue.close())))
      for (const client of clients) client.disconnect()
    },
  }
}

/** Whoever enqueues handles the failure; it says something about the store, too. */
function noteFailures(queue: Queue, note: Warn): Queue {
  const add = queue.add.bind(queue)
  queue.add = async (...job) => {
    try {
      return await add(...job)
    } catch (error) {
      note(error)
      throw error
    }
  }
  return queue
}

/** Longer than a worker waits between two tries, so that a refusal is reported as long as it lasts. */
const refusalTtlMs = 10_000

/**
 * Remembers that Redis refused a command of this process, because a check cannot run every command that BullMQ uses.
 */
function rememberRefusals(): { note: (err: unknown) => void; throwRecent: () => void } {
  let last: { err: unknown; until: number } | null = null
  return {
    note: (err) => {
      if (isForbidden(err)) last = { err, until: performance.now() + refusalTtlMs }
    },
    throwRecent: () => {
      if (last !== null && performance.now() < last.until) throw last.err
    },
  }
}

async function waitForConnection(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, firstConnectionTimeoutMs)
    redis.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** @throws when there is no such shard */
function atShard<T>(all: readonly T[], shard: number): T {
  const one = all[shard]
  if (one === undefined) throw new Error(`shard ${shard} has no connection`)
  return one
}

function openProducer(connection: Redis, prefix: string, lane: Lane, shard: number, warn: Warn): Queue {
  const options = {
    connection,
    prefix: shardPrefix(prefix, shard),
    streams: { events: { maxLen: eventsStoredMax } },
    // A queue that reads the version while Redis is unavailable never works again. Workers check the version anyway.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  }
  return new Queue(queueName(lane, shard), options).on('error', warn)
}

function openWorker(
  { url, prefix }: BackendOptions,
  { lane, shard, workerId }: { lane: Lane; shard: number; workerId: string },
  processor: Processor<JobData>,
  options: Omit<WorkerOptions, 'connection'>,
  warn: Warn,
): StalledJobs & Omit<JobWorker, 'releaseJobsOf'> {
  const wrappedProcessor =
    lane === 'live' ? withAnnouncement(processor, () => worker, { prefix, shard }, warn) : processor
  const worker: Worker = new Worker(queueName(lane, shard), wrappedProcessor, {
    ...options,
    ...workerConnection(url, prefix, shard),
    runRetryDelay: failurePauseMs,
  })
  nameWorker(worker, workerId)
  pauseAfterFailures(worker.getBackend())
  worker.getBackend().client.then(corkWrites, warn)
  worker.on('error', warn)
  return {
    keys: `${shardPrefix(prefix, shard)}:${queueName(lane, shard)}:`,
    moveStalledJobs: () => worker.getBackend().moveStalledJobsToWait(),
    park: (job, token, waitMs, because) => park(worker, job, token, waitMs, because),
    pause: () => worker.pause(true),
    resume: () => void worker.resume(),
    close: () => worker.close(),
    forceClose: () => worker.getBackend().close(true),
  }
}

/** As BullMQ's `moveToDelayed`, which cannot write a field. The field tells `inspectJobs` that the wait is intended. */
async function park(
  worker: Worker,
  { id = '' }: Job<JobData>,
  token: string | undefined,
  waitMs: number,
  because: ParkReason,
): Promise<void> {
  const nowMs = Date.now()
  const parked = formatParking(nowMs, waitMs, because)
  const options = { skipAttempt: true, fieldsToUpdate: { [parkedField]: parked } }
  await worker.getBackend().moveToDelayed(id, nowMs, waitMs, token, options)
}

/** A shard's key prefix and a connection that waits for Redis without limit. */
function workerConnection(
  url: string,
  prefix: string,
  shard: number,
): Pick<WorkerOptions, 'connection'> & { prefix: string } {
  const keys = shardPrefix(prefix, shard)
  const connection = {
    ...redisOptionsOf(url, keys),
    maxRetriesPerRequest: null,
    socketTimeout: listenSilenceTimeoutMs,
  }
  return { connection: connection as WorkerOptions['connection'], prefix: keys }
}

/** Opens one reader per shard: a worker announces a result in the shard of its job. */
function openResults(
  { url, prefix, shards }: BackendOptions,
  onResult: (result: unknown) => void,
  warn: Warn,
): ResultReader {
  const readers = Array.from({ length: shards }, (_, shard) =>
    followResults({ url, prefix, shard }, onResult, warn),
  )
  return {
    ready: async () => void (await Promise.all(readers.map((reader) => reader.ready()))),
    close: async () => void (await Promise.all(readers.map((reader) => reader.close()))),
  }
}

/** Number of stored results, for readers that lost their connection: more than arrive while a caller waits. */
const resultsStoredMax = 10_000

function resultsKey(prefix: string, shard: number): string {
  return `${shardPrefix(prefix, shard)}:settled`
}

/**
 * Announces results in a stream of their own, in the same write that finishes the job. BullMQ's own events have
 * three
 * more entries per job, and each of them wakes every reader.
 * @param worker returns the worker that runs the processor; called for each result
 */
function withAnnouncement(
  processor: Processor<JobData>,
  worker: () => Worker,
  { prefix, shard }: { prefix: string; shard: number },
  warn: (err: unknown) => void,
): Processor<JobData> {
  const key = resultsKey(prefix, shard)
  const announce = async (result: unknown): Promise<void> => {
    const redis = await worker().getBackend().client
    await redis.xadd(key, '*', { result: JSON.stringify(result) }, { MAXLEN: resultsStoredMax })
  }
  return async (job, token) => {
    const result: unknown = await processor(job, token)
    // Not awaited: if the result is lost with this worker, the waiting caller gets 202.
    if (result !== null) announce(result).catch(warn)
    return null
  }
}

/** Receives the results that are announced in a shard. */
function followResults(
  { url, prefix, shard }: { url: string; prefix: string; shard: number },
  onResult: (result: unknown) => void,
  warn: (err: unknown) => void,
): ResultReader {
  const key = resultsKey(prefix, shard)
  return followStream({ url, key, onEntry: (entry) => onResult(parseResult(entry)), onGap: warn })
}

function parseResult([, [, text]]: StreamEntry): unknown {
  return JSON.parse(text ?? 'null')
}
