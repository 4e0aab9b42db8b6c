import { Cluster, type Redis } from 'ioredis'
import type { QueueStore } from './delivery-queue.ts'
import type { RedisClient } from './open-redis.ts'

type Reading = Omit<QueueStore, 'latencyMs'>

/** What the nodes that hold the queue say of themselves: their memory and clients added up, else what the worst one says. */
export async function readRedis(redis: RedisClient): Promise<Reading> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis]
  const [first, ...others] = await Promise.all(nodes.map(readNode))
  if (!first) throw new Error('no node of the queue’s store is known')
  return others.reduce(together, first)
}

/** https://redis.io/docs/latest/commands/info/ */
async function readNode(redis: Redis): Promise<Reading> {
  const info = await redis.info()
  const field = (name: string): string | null => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? null
  const number = (name: string): number | null => (field(name) === null ? null : Number(field(name)))
  return {
    kind: 'redis',
    version: field('valkey_version') ?? field('redis_version'),
    usedBytes: number('used_memory'),
    maxBytes: number('maxmemory') || null,
    evictionPolicy: field('maxmemory_policy'),
    clients: number('connected_clients'),
    isPersistent: field('aof_enabled') === '1',
    uptimeSeconds: number('uptime_in_seconds'),
  }
}

function together(one: Reading, other: Reading): Reading {
  return {
    ...one,
    usedBytes: sum(one.usedBytes, other.usedBytes),
    maxBytes: sum(one.maxBytes, other.maxBytes),
    clients: sum(one.clients, other.clients),
    evictionPolicy: one.evictionPolicy === 'noeviction' ? other.evictionPolicy : one.evictionPolicy,
    isPersistent: one.isPersistent === true && other.isPersistent === true,
    uptimeSeconds: Math.min(one.uptimeSeconds ?? Infinity, other.uptimeSeconds ?? Infinity),
  }
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
