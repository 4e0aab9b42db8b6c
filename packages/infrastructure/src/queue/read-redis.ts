import type { Redis } from 'ioredis'
import type { QueueStore } from './delivery-queue.ts'

type StoreReading = Omit<QueueStore, 'latencyMs'>

/**
 * Reads facts from the nodes of the queue: the sums of memory and clients, and otherwise the worst value of a node.
 * @param clients several of them may be connected to the same node
 */
export async function readRedis(clients: readonly Redis[]): Promise<StoreReading> {
  const infos = await Promise.all(clients.map((redis) => redis.info()))
  const nodes = new Map(infos.map((info) => [readField(info, 'run_id'), info]))
  const [first, ...others] = [...nodes.values()].map(parseReading)
  if (!first) throw new Error('the queue has no Redis client')
  return others.reduce(combineReadings, first)
}

/** https://redis.io/docs/latest/commands/info/ */
function readField(info: string, name: string): string | null {
  return new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? null
}

function parseReading(info: string): StoreReading {
  const field = (name: string): string | null => readField(info, name)
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

function combineReadings(one: StoreReading, other: StoreReading): StoreReading {
  return {
    ...one,
    usedBytes: addKnown(one.usedBytes, other.usedBytes),
    maxBytes: addKnown(one.maxBytes, other.maxBytes),
    clients: addKnown(one.clients, other.clients),
    evictionPolicy: one.evictionPolicy === 'noeviction' ? other.evictionPolicy : one.evictionPolicy,
    isPersistent: one.isPersistent === true && other.isPersistent === true,
    uptimeSeconds: Math.min(one.uptimeSeconds ?? Infinity, other.uptimeSeconds ?? Infinity),
  }
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
