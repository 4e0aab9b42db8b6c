import type { Redis } from 'ioredis'
import { followStream, isBefore, type StreamEntry } from '../queue/follow-stream.ts'
import { openRedis } from '../queue/open-redis.ts'
import { noResend, storeTimeoutMs, type ResultReader } from '../queue/queue-backend.ts'
import type { EventStore, LiveMessage, LiveBatch } from './live-events.ts'

/** Batches that are stored for listeners that reconnect: some minutes at ten batches a second and process. */
const batchesStoredMax = 2_000
const replayedMax = 500

/** Live events in a capped Redis stream: one entry per batch, one reader per process. */
export function redisEvents({ url, prefix }: { url: string; prefix: string }): EventStore {
  const key = `{${prefix}}:events`
  const redis = openRedis(url, key, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: storeTimeoutMs,
    ...noResend,
  })
  redis.on('error', () => {})
  let reader: ResultReader | null = null
  let closed = false
  return {
    deliveriesMax: 100,
    publish: async (batch) =>
      void (await redis.xadd(key, 'MAXLEN', '~', batchesStoredMax, '*', 'b', JSON.stringify(batch))),
    listen: (onMessage) => {
      if (reader || closed) return
      // Redis may have lost batches while it was unavailable.
      const onGap = (): void => onMessage({ kind: 'missed' })
      reader = followStream({ url, key, onEntry: (entry) => onMessage(messageOf(entry)), onGap })
    },
    since: (id) => readSince(redis, key, id),
    close: async () => {
      closed = true
      redis.disconnect()
      await reader?.close()
    },
  }
}

async function readSince(
  redis: Redis,
  key: string,
  id: string,
): Promise<{ id: string; batch: LiveBatch }[] | null> {
  if (!/^\d{1,16}-\d{1,10}$/.test(id)) return null
  const [[oldest], entries] = await Promise.all([
    redis.xrange(key, '-', '+', 'COUNT', 1),
    redis.xrange(key, `(${id}`, '+', 'COUNT', replayedMax + 1),
  ])
  if (!oldest || isBefore(id, oldest[0]) || entries.length > replayedMax) return null
  return entries.map((entry) => ({ id: entry[0], batch: batchOf(entry) }))
}

function messageOf(entry: StreamEntry): LiveMessage {
  return { kind: 'batch', id: entry[0], batch: batchOf(entry) }
}

function batchOf([, fields]: StreamEntry): LiveBatch {
  return JSON.parse(fields[1] ?? '{}') as LiveBatch
}
