import { Redis, type RedisOptions } from 'ioredis'
import { parseRedisUrl, type RedisHosts, type RedisAddress } from '../config/redis-url.ts'
import { corkWrites } from './cork-writes.ts'
import { slotConnector } from './slot-connector.ts'
import { shardPrefix } from './shards.ts'

export interface RedisClientOptions {
  /** Queue commands until there is a connection. Off where the sweeper or a fallback does the work. */
  enableOfflineQueue?: boolean
  /** Null: without limit. */
  maxRetriesPerRequest: number | null
  commandTimeout?: number
  /** Closes a connection that owes a response and received nothing for this long, in milliseconds. */
  socketTimeout?: number
  /** Whether commands without a response are sent again after a reconnection. */
  autoResendUnfulfilledCommands?: boolean
}

/** Limit for connecting to a node. */
const connectTimeoutMs = 2_000

function reconnectDelayMs(tries: number): number {
  return Math.min(50 * 2 ** Math.min(tries, 6), 2_000)
}

/**
 * Opens a client that connects and reconnects by itself. It has a listener for its errors from the start; its owner
 * adds one that reports them.
 * @param key in a Redis Cluster the client reaches only keys that have the same text in braces as this one
 */
export function openRedis(url: string, key: string, options: RedisClientOptions): Redis {
  const { url: single, ...connection } = redisOptionsOf(url, key)
  const all = { ...connection, ...options }
  const redis = single === undefined ? new Redis(all) : new Redis(single, all)
  return corkWrites(redis.on('error', () => {}))
}

/** Opens a client for each shard's keys: one for all unless they may be on different nodes. */
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

/** The options for BullMQ, which opens its own connections. */
export function redisOptionsOf(url: string, key: string): ConnectionOptions {
  const address = addressOf(url)
  if (address.kind === 'single') return { url: address.url, retryStrategy: reconnectDelayMs }
  if (address.kind === 'sentinel') return sentinelOptions(address)
  return {
    ...loginOf(address),
    Connector: slotConnector(url, address, key),
    connectTimeout: connectTimeoutMs,
    retryStrategy: reconnectDelayMs,
    // The keys moved to another node: reconnect there and send the command again.
    reconnectOnError: (error: Error) => (error.message.startsWith('MOVED ') ? 2 : false),
  } as ConnectionOptions
}

/** Whether keys with different texts in braces may be on different nodes. */
export function isClustered(url: string): boolean {
  return addressOf(url).kind === 'cluster'
}

function addressOf(url: string): RedisAddress {
  const address = parseRedisUrl(url)
  if (address === null) throw new Error('the URL of the queue is not valid')
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
