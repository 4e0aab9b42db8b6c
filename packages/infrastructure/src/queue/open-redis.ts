import { Redis, type RedisOptions } from 'ioredis'
import { parseRedisUrl, type RedisHosts, type RedisAddress } from '../config/redis-url.ts'
import { slotConnector } from './slot-connector.ts'
import { shardPrefix } from './shards.ts'

export interface RedisClientOptions {
  /** Keep commands until there is a connection. Not, where somebody else does the work meanwhile. */
  enableOfflineQueue?: boolean
  enableAutoPipelining?: boolean
  /** Null: as often as it takes. */
  maxRetriesPerRequest: number | null
  commandTimeout?: number
  /** A connection that owes an answer and brings nothing for so long is given up, in milliseconds. */
  socketTimeout?: number
  /** Whether what was not answered is sent again after a reconnection. */
  autoResendUnfulfilledCommands?: boolean
}

/** A node that answers nothing is given up after this. */
const connectTimeoutMs = 2_000

function reconnectDelayMs(tries: number): number {
  return Math.min(50 * 2 ** Math.min(tries, 6), 2_000)
}

/**
 * Opens a client, which connects by itself and comes back by itself.
 * @param key of a Redis Cluster it reaches the keys alone that share what this one has in braces
 */
export function openRedis(url: string, key: string, options: RedisClientOptions): Redis {
  const { url: single, ...connection } = redisOptionsOf(url, key)
  return single === undefined
    ? new Redis({ ...connection, ...options })
    : new Redis(single, { ...connection, ...options })
}

/** A client for each shard's keys: the same one for all, unless they may lie on different nodes. */
export function openRedisByShard(
  url: string,
  prefix: string,
  shards: number,
  options: RedisClientOptions,
): readonly Redis[] {
  const open = (shard: number): Redis => openRedis(url, shardPrefix(prefix, shard), options)
  const first = open(0)
  return Array.from({ length: shards }, (_, shard) =>
    shard === 0 || !isClustered(url) ? first : open(shard),
  )
}

type ConnectionOptions = Pick<RedisOptions, 'Connector' | 'connectTimeout' | 'retryStrategy'> & {
  url?: string
}

/** The same for BullMQ, which opens connections of its own. */
export function redisOptionsOf(url: string, key: string): ConnectionOptions {
  const address = addressOf(url)
  if (address.kind === 'single') return { url: address.url, retryStrategy: reconnectDelayMs }
  if (address.kind === 'sentinel') return sentinelOptions(address)
  return {
    ...loginOf(address),
    Connector: slotConnector(url, address, key),
    connectTimeout: connectTimeoutMs,
    retryStrategy: reconnectDelayMs,
    // Its keys have gone to another node: the command is sent there, once it is connected to.
    reconnectOnError: (error: Error) => (error.message.startsWith('MOVED ') ? 2 : false),
  } as ConnectionOptions
}

/** Whether keys with different texts in braces may lie on different nodes. */
export function isClustered(url: string): boolean {
  return addressOf(url).kind === 'cluster'
}

function addressOf(url: string): RedisAddress {
  const address = parseRedisUrl(url)
  if (address === null) throw new Error('the queue’s URL cannot be read')
  return address
}

function sentinelOptions(address: RedisHosts & { masterName: string }): ConnectionOptions {
  return {
    sentinels: [...address.hosts],
    name: address.masterName,
    ...loginOf(address),
    ...(address.tls && { enableTLSForSentinelMode: true }),
    retryStrategy: reconnectDelayMs,
    sentinelRetryStrategy: reconnectDelayMs,
  } as ConnectionOptions
}

function loginOf({ username, password, tls }: RedisHosts): RedisOptions {
  return {
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls && { tls: {} }),
  }
}
