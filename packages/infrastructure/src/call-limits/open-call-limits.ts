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
/** How long a Redis that failed is left alone. */
const backOffMs = 1_000
const warnIntervalMs = 10_000
/** Callers a process remembers for itself, of each limit: some 10 MB. */
const localKeysMax = 50_000

interface CallLimit {
  /** Calls allowed per window; 0 for no limit. */
  max: number
  windowSeconds: number
}

export interface CallLimitsOptions<Name extends string> {
  /** Where the counts of all processes meet; anything but Redis leaves each process its own. */
  url: string
  prefix: string
  /** Over how many shards of a Redis Cluster they are spread; one unless told otherwise. */
  shards?: number
  limits: Readonly<Record<Name, CallLimit>>
  log: Logger
  /** The longest a call waits for the shared count, in milliseconds; then this process's own count decides. 100 unless told otherwise. */
  redisTimeoutMs?: number
}

export interface CallLimits<Name extends string> {
  /** Counts one call; null when it is within the limit, else the milliseconds until the next may come. Never throws. */
  take: (name: Name, key: string) => Promise<number | null>
  close: () => void
}

/**
 * Limits on calls, counted in Redis for all processes together: exactly, from half of a limit on; below, a process may let
 * in a twentieth of it before it asks. A Redis that is away or slow costs nothing but that each process counts for itself
 * meanwhile.
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
      const shard = shardOfText(key, clients.length)
      const shared = counter.shared[shard]
      if (shared && clients[shard]?.status === 'ready' && performance.now() >= state.backOffUntil) {
        try {
          return await shared.take(key)
        } catch (err) {
          onError(err)
        }
      }
      return counter.local.take(key)
    },
    close: () => {
      for (const { shared } of counters.values()) for (const one of shared) one.close()
      for (const client of clients) client.disconnect()
    },
  }
}

type RedisCountOptions = Pick<CallLimitsOptions<string>, 'url' | 'prefix' | 'shards' | 'redisTimeoutMs'>

interface Counter {
  /** By shard; none without Redis. */
  shared: readonly SharedCounts[]
  local: LocalCounts
}

/** Fails fast: what is not answered in time, or sent while there is no connection, is counted elsewhere. */
function openCountingClients({
  url,
  prefix,
  shards = 1,
  redisTimeoutMs = redisTimeoutDefaultMs,
}: RedisCountOptions): readonly Redis[] {
  if (!isRedisUrl(url)) return []
  // One Redis counts all.
  const clients = openRedisByShard(url, prefix, isClustered(url) ? shards : 1, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: redisTimeoutMs,
    ...noResend,
  })
  // The queue's own connections complain when Redis is away; each failing count is noticed where it happens.
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
      // Who is over the limit costs no further round trips.
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
  log.warn({ err }, 'calls cannot be counted together; each process counts for itself meanwhile')
}
