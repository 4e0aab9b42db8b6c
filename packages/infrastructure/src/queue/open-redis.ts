import { Cluster, Redis } from 'ioredis'
import { parseRedisUrl, type RedisPlace } from '../config/redis-url.ts'

/** What is behind QUEUE_URL: one Redis, the master some Sentinels know of, or a Redis Cluster. */
export type RedisClient = Redis | Cluster

export interface RedisClientOptions {
  /** Keep commands until there is a connection. Not, where somebody else does the work meanwhile. */
  enableOfflineQueue?: boolean
  /** Of one Redis; a Cluster's commands go one by one. */
  enableAutoPipelining?: boolean
  /** Null: as often as it takes. */
  maxRetriesPerRequest: number | null
  commandTimeout?: number
  /** A connection that owes an answer and brings nothing for so long is given up, in milliseconds. */
  socketTimeout?: number
  /** Whether what was not answered is sent again after a reconnection. */
  autoResendUnfulfilledCommands?: boolean
}

type Several = Exclude<RedisPlace, { kind: 'single' }>

/** A node that answers nothing is given up after this. */
const connectMaxMs = 2_000
/**
 * How often a command for a node that is away is tried again, 100 ms apart, before it fails: the queue's callers wait a
 * second at most.
 */
const triesOfTheHasty = 6
const triesOfThePatient = 16

function reconnectDelayMs(tries: number): number {
  return Math.min(50 * 2 ** Math.min(tries, 6), 2_000)
}

/** Opens a client, which connects by itself and comes back by itself. All keys of one script must share a hash tag. */
export function openRedis(url: string, options: RedisClientOptions): RedisClient {
  const place = placeOf(url)
  if (place.kind === 'single') return new Redis(place.url, { ...options, retryStrategy: reconnectDelayMs })
  if (place.kind === 'sentinel') return new Redis({ ...sentinelOptions(place), ...options })
  return openCluster(place, options)
}

interface Login {
  username?: string
  password?: string
  tls?: object
}

interface SentinelOptions extends Login {
  sentinels: { host: string; port: number }[]
  name: string
  enableTLSForSentinelMode?: boolean
  retryStrategy: (tries: number) => number
  sentinelRetryStrategy: (tries: number) => number
}

/** For libraries that open connections of their own; null of a Cluster, which is no set of options. */
export function redisOptionsOf(
  url: string,
): SentinelOptions | { url: string; retryStrategy: (tries: number) => number } | null {
  const place = placeOf(url)
  if (place.kind === 'cluster') return null
  if (place.kind === 'sentinel') return sentinelOptions(place)
  return { url: place.url, retryStrategy: reconnectDelayMs }
}

/** Whether keys with different hash tags may lie on different nodes. */
export function isClustered(url: string): boolean {
  return placeOf(url).kind === 'cluster'
}

function placeOf(url: string): RedisPlace {
  const place = parseRedisUrl(url)
  if (place === null) throw new Error('the queue’s URL cannot be read')
  return place
}

function openCluster(place: Several, options: RedisClientOptions): Cluster {
  // Gathered into pipelines, scripts are told apart by their first argument, which is not a key: those for several nodes
  // would go together, and fail.
  const { enableOfflineQueue = true, enableAutoPipelining: _, ...perNode } = options
  return new Cluster([...place.hosts], {
    enableOfflineQueue,
    clusterRetryStrategy: reconnectDelayMs,
    maxRedirections: options.maxRetriesPerRequest === null ? triesOfThePatient : triesOfTheHasty,
    redisOptions: { ...loginOf(place), ...perNode, connectTimeout: connectMaxMs },
    // A certificate is for a name, so the name is not exchanged for its address.
    ...(place.tls && {
      dnsLookup: (name: string, tell: (error: null, address: string) => void) => tell(null, name),
    }),
  })
}

function sentinelOptions(place: Several & { kind: 'sentinel' }): SentinelOptions {
  return {
    sentinels: [...place.hosts],
    name: place.masterName,
    ...loginOf(place),
    ...(place.tls && { enableTLSForSentinelMode: true }),
    retryStrategy: reconnectDelayMs,
    sentinelRetryStrategy: reconnectDelayMs,
  }
}

function loginOf({ username, password, tls }: Several): Login {
  return {
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls && { tls: {} }),
  }
}
