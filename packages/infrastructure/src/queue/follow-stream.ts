import { setTimeout as pause } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { listeningSilenceMaxMs, type ResultReader } from './backend.ts'
import { openRedis } from './open-redis.ts'

export type StreamEntry = [id: string, fields: string[]]

export interface FollowOptions {
  url: string
  key: string
  /** Hears each entry that is added from now on, in order. */
  hear: (entry: StreamEntry) => void
  /** Told when the store was away: some entries may have been missed. */
  onGap: (error: unknown) => void
}

const failurePauseMs = 500
/** How long one read waits for an entry. */
const listenMs = 10_000

/** Follows a Redis stream on a connection of its own, and comes back by itself when that is lost. */
export function followStream({ url, key, hear, onGap }: FollowOptions): ResultReader {
  const redis = openRedis(url, key, {
    maxRetriesPerRequest: 0,
    socketTimeout: listeningSilenceMaxMs,
  })
  redis.on('error', () => {})
  const closing = new AbortController()
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  let last: string | null = null
  const readOn = async (): Promise<never> => {
    last = await placeIn(redis, key, last)
    resolve()
    for (;;) {
      const entries = await nextEntries(redis, key, last)
      for (const entry of entries) {
        last = entry[0]
        hear(entry)
      }
    }
  }
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await readOn().catch((error: unknown) => closing.signal.aborted || onGap(error))
      await pause(failurePauseMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }
  const following = follow()
  return {
    ready: () => ready,
    close: () => {
      closing.abort()
      redis.disconnect()
      return following
    },
  }
}

/** Where to go on: after what was read last, or from the beginning of a stream that has begun anew meanwhile. */
async function placeIn(redis: Redis, key: string, last: string | null): Promise<string> {
  const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
  if (last === null) return newest?.[0] ?? '0-0'
  return newest && !isBefore(newest[0], last) ? last : '0-0'
}

async function nextEntries(redis: Redis, key: string, after: string): Promise<StreamEntry[]> {
  const [stream] = (await redis.xread('BLOCK', listenMs, 'STREAMS', key, after)) ?? []
  return stream?.[1] ?? []
}

/** Ids are milliseconds and a number within them. https://redis.io/docs/latest/develop/data-types/streams/#entry-ids */
export function isBefore(one: string, other: string): boolean {
  const [ms = 0, n = 0] = one.split('-').map(Number)
  const [otherMs = 0, otherN = 0] = other.split('-').map(Number)
  return ms < otherMs || (ms === otherMs && n < otherN)
}
