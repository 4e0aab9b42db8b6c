import type { Redis } from 'ioredis'
import type { QueueStore } from './delivery-queue.ts'

type Reading = Omit<QueueStore, 'latencyMs'>

/**
 * What the nodes that hold the queue say of themselves: their memory and clients added up, else what the worst one says.
 * @param clients of which several may lead to the same node
 */
export async function readRedis(clients: readonly Redis[]): Promise<Reading> {
  const infos = await Promise.all(clients.map((redis) => redis.info()))
  const nodes = new Map(infos.map((info) => [fieldIn(info, 'run_id'), info]))
  const [first, ...others] = [...nodes.values()].map(readingIn)
  if (!first) throw new Error('no node of the queue’s store is known')
  return others.reduce(together, first)
}

/** https://redis.io/docs/latest/commands/info/ */
function fieldIn(info: string, name: string): string | null {
  return new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? null
}

function readingIn(info: string): Reading {
  const field = (name: string): string | null => fieldIn(info, name)
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
