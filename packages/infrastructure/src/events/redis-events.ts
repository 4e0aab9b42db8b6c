import { setTimeout as pause } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { openRedis } from '../queue/open-redis.ts'
import { askedOnce, listeningSilenceMaxMs, storeAnswerMaxMs } from '../queue/backend.ts'
import type { EventStore, Heard, LiveBatch } from './live-events.ts'

/** Batches kept for those who come back: at ten a second and process, minutes. */
const keptMax = 2_000
const replayedMax = 500
const failurePauseMs = 500
/** How long one read waits for something to be told. */
const listenMs = 10_000

type Entry = [id: string, fields: string[]]

/** Live events in a capped Redis stream: one entry per batch, one reader per process. */
export function redisEvents({ url, prefix }: { url: string; prefix: string }): EventStore {
  const key = `{${prefix}}:events`
  const redis = openRedis(url, key, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: storeAnswerMaxMs,
    ...askedOnce,
  })
  redis.on('error', () => {})
  let reader: Redis | null = null
  const closing = new AbortController()

  const follow = async (from: Redis, hear: (heard: Heard) => void): Promise<void> => {
    let last: string | null = null
    while (!closing.signal.aborted) {
      try {
        last ??= await newestId(from, key)
        const entries = await nextEntries(from, key, last)
        for (const entry of entries) hear(heardOf(entry))
        last = entries.at(-1)?.[0] ?? last
      } catch {
        // What was published while Redis was away is not there to be read.
        if (closing.signal.aborted) return
        hear({ kind: 'missed' })
        await pause(failurePauseMs)
      }
    }
  }
  return {
    deliveriesMax: 100,
    publish: async (batch) =>
      void (await redis.xadd(key, 'MAXLEN', '~', keptMax, '*', 'b', JSON.stringify(batch))),
    listen: (hear) => {
      if (reader || closing.signal.aborted) return
      reader = openRedis(url, key, {
        maxRetriesPerRequest: null,
        socketTimeout: listeningSilenceMaxMs,
      })
      reader.on('error', () => {})
      void follow(reader, hear)
    },
    since: (id) => readSince(redis, key, id),
    close: async () => {
      closing.abort()
      reader?.disconnect()
      redis.disconnect()
    },
  }
}

async function nextEntries(redis: Redis, key: string, after: string): Promise<Entry[]> {
  const [stream] = (await redis.xread('BLOCK', listenMs, 'STREAMS', key, after)) ?? []
  return stream?.[1] ?? []
}

async function newestId(redis: Redis, key: string): Promise<string> {
  const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
  return newest?.[0] ?? '0-0'
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

/** Ids are milliseconds and a number within them. https://redis.io/docs/latest/develop/data-types/streams/#entry-ids */
function isBefore(one: string, other: string): boolean {
  const [ms = 0, n = 0] = one.split('-').map(Number)
  const [otherMs = 0, otherN = 0] = other.split('-').map(Number)
  return ms < otherMs || (ms === otherMs && n < otherN)
}

function heardOf(entry: Entry): Heard {
  return { kind: 'batch', id: entry[0], batch: batchOf(entry) }
}

function batchOf([, fields]: Entry): LiveBatch {
  return JSON.parse(fields[1] ?? '{}') as LiveBatch
}
