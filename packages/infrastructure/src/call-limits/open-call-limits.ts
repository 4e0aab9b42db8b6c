import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { isRedisUrl } from '../config/redis-url.ts'
import { isClustered, openRedisByShard } from '../queue/open-redis.ts'
import { shardOfText, shardPrefix } from '../queue/shards.ts'
import { noResend } from '../queue/queue-backend.ts'
import type { Logger } from '../telemetry/logger.ts'
import { localCounts, type LocalCounts } from './local-counts.ts'
import { sharedCounts, type SharedCounts } from './shared-counts.ts'

const redisTimeoutDefaultMs = 100
/** How long calls are counted without Redis after it failed. */
const backOffMs = 1_000
const warnIntervalMs = 10_000
/** The most callers that a process counts itself, for each limit: about 10 MB. */
const localKeysMax = 50_000

interface CallLimit {
  /** Calls allowed per window; 0 for no limit. */
  max: number
  windowSeconds: number
}

export interface CallLimitsOptions<Name extends string> {
  /** The Redis that all processes count in. With another URL each process counts its own calls. */
  url: string
  prefix: string
  /** The number of shards of a Redis Cluster that share the counts. Default: 1. */
  shards?: number
  limits: Readonly<Record<Name, CallLimit>>
  log: Logger
  /**
   * How long a call waits for the shared count, in milliseconds, before this process's own count decides. Default: 100.
   */
  redisTimeoutMs?: number
}

export interface CallLimits<Name extends string> {
  /**
   * Counts one call. Resolves to null within the limit, else to the milliseconds until the next window. Never
   * rejects.
   */
  take: (name: Name, key: string) => Promise<number | null>
  close: () => void
}

/**
 * Limits calls by counts in Redis that all processes share. Above half of a limit the count is exact. Below it, a
 * process may admit a twentieth of the limit before it counts those calls in Redis. While Redis is unavailable or
 * slow, each process counts its own calls. No process ever admits more than the limit in one of its own windows.
 */
export function openCallLimits<Name extends string>(options: CallLimitsOptions<Name>): CallLimits<Name> {
  const clients = openCountingClients(options)
  const state = { backOffUntil: 0, quietUntil: 0 }
  const onError = (err: unknown): void => backOff(state, options.log, err)
  const counters = new Map<string, Counter>()
  for (const [name, limit] of Object.entries<CallLimit>(options.limits))
    if (limit.max > 0) counters.set(name, openCounter(name, limit, clients, options, onError))
  return {
    take: async (name, key) => {
      const counter = counters.get(name)
      if (!counter) return null
      // This process counts each call itself, too. So what it admits with and without Redis does not add up.
      const localWaitMs = counter.local.take(key)
      if (localWaitMs !== null) return localWaitMs
      const shard = shardOfText(key, clients.length)
      const shared = counter.shared[shard]
      if (shared && clients[shard]?.status === 'ready' && performance.now() >= state.backOffUntil) {
        try {
          return await shared.take(key)
        } catch (err) {
          onError(err)
        }
      }
      return null
    },
    close: () => {
      for (const { shared } of counters.values()) for (const one of shared) one.close()
      for (const client of clients) client.disconnect()
    },
  }
}

type RedisCountOptions = Pick<CallLimitsOptions<string>, 'url' | 'prefix' | 'shards' | 'redisTimeoutMs'>

interface Counter {
  /** One per shard; empty without Redis. */
  shared: readonly SharedCounts[]
  local: LocalCounts
}

/** Opens clients that fail fast: a call must not wait for a reconnect or for a slow Redis. */
function openCountingClients({
  url,
  prefix,
  shards = 1,
  redisTimeoutMs = redisTimeoutDefaultMs,
}: RedisCountOptions): readonly Redis[] {
  if (!isRedisUrl(url)) return []
  // A single Redis has all counts.
  const clients = openRedisByShard(url, prefix, isClustered(url) ? shards : 1, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: redisTimeoutMs,
    ...noResend,
  })
  // The queue logs when Redis is unavailable, and `take` handles each failed count.
  for (const client of clients) client.on('error', () => {})
  return clients
}

function openCounter(
  name: string,
  limit: CallLimit,
  clients: readonly Redis[],
  { url, prefix }: RedisCountOptions,
  onError: (err: unknown) => void,
): Counter {
  const { max, windowSeconds } = limit
  const shared = clients.map((storeClient, shard) => {
    const limiter = new RateLimiterRedis({
      points: max,
      duration: windowSeconds,
      keyPrefix: `${isClustered(url) ? shardPrefix(prefix, shard) : prefix}:calls:${name}`,
      storeClient,
      // Refused callers cost no further round trips.
      inMemoryBlockOnConsumed: max + 1,
    })
    return sharedCounts(limiter, { max, keysMax: localKeysMax, onError })
  })
  return { local: localCounts(limit, localKeysMax), shared }
}

function backOff(state: { backOffUntil: number; quietUntil: number }, log: Logger, err: unknown): void {
  const now = performance.now()
  state.backOffUntil = now + backOffMs
  if (now < state.quietUntil) return
  state.quietUntil = now + warnIntervalMs
  log.warn({ err }, 'the shared call counts are unavailable; this process counts its own calls')
}
