import { setTimeout as pause } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { listenSilenceTimeoutMs, type ResultReader } from './queue-backend.ts'
import { openRedis } from './open-redis.ts'

export type StreamEntry = [id: string, fields: string[]]

export interface FollowOptions {
  url: string
  key: string
  /** Receives each new entry, in order. */
  onEntry: (entry: StreamEntry) => void
  /** Called when the connection was lost: entries may have been missed. */
  onGap: (error: unknown) => void
}

const failurePauseMs = 500
/** How long one read waits for an entry, in milliseconds. */
const blockMs = 10_000

/** Follows a Redis stream on its own connection and reconnects by itself. */
export function followStream({ url, key, onEntry, onGap }: FollowOptions): ResultReader {
  const redis = openRedis(url, key, {
    maxRetriesPerRequest: 0,
    socketTimeout: listenSilenceTimeoutMs,
  })
  redis.on('error', () => {})
  const closing = new AbortController()
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  let cursor: string | null = null
  const readEntries = async (): Promise<never> => {
    cursor = await resumeCursor(redis, key, cursor)
    resolve()
    for (;;) {
      const entries = await nextEntries(redis, key, cursor)
      for (const entry of entries) {
        cursor = entry[0]
        onEntry(entry)
      }
    }
  }
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await readEntries().catch((error: unknown) => closing.signal.aborted || onGap(error))
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

/** Continues after the last entry that was read, or at the start of a stream that was created again since. */
async function resumeCursor(redis: Redis, key: string, cursor: string | null): Promise<string> {
  const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
  if (cursor === null) return newest?.[0] ?? '0-0'
  return newest && !isBefore(newest[0], cursor) ? cursor : '0-0'
}

async function nextEntries(redis: Redis, key: string, after: string): Promise<StreamEntry[]> {
  const [stream] = (await redis.xread('BLOCK', blockMs, 'STREAMS', key, after)) ?? []
  return stream?.[1] ?? []
}

/**
 * Compares entry ids: milliseconds and a sequence number.
 * https://redis.io/docs/latest/develop/data-types/streams/#entry-ids
 */
export function isBefore(one: string, other: string): boolean {
  const [ms = 0, n = 0] = one.split('-').map(Number)
  const [otherMs = 0, otherN = 0] = other.split('-').map(Number)
  return ms < otherMs || (ms === otherMs && n < otherN)
}
