import type { Redis } from 'ioredis'
import { endsWithin } from './queue-backend.ts'
import { shardPrefix } from './shards.ts'

/** Less than the limit of the whole check, so that a node that hangs does not hide the others. */
const nodeTimeoutMs = 800
const checkTtlMs = 10_000
const refusalPattern = /^(OOM|READONLY|MISCONF)\b/

/**
 * Writes a key next to each shard's keys, because only a write detects a full or read-only store. Reads whether a node
 * may evict keys.
 * @param shards a client for each shard
 * @throws the refusal of a node, or the first shard's error when no shard can be written
 */
export async function checkRedis(
  shards: readonly Redis[],
  prefix: string,
): Promise<'ok' | 'evicting' | 'partial'> {
  const failures = await Promise.all(
    shards.map((redis, shard) =>
      awaitFailure(redis.set(`${shardPrefix(prefix, shard)}:check`, '1', 'PX', checkTtlMs)),
    ),
  )
  const refusal = failures.find((error) => error instanceof Error && refusalPattern.test(error.message))
  if (refusal !== undefined || failures.every(Boolean)) throw refusal ?? failures[0]
  if (failures.some(Boolean)) return 'partial'
  const clients = [...new Set(shards)]
  const policies = await Promise.all(clients.map(async (redis) => parsePolicy(await redis.info('memory'))))
  return policies.every((policy) => policy === 'noeviction') ? 'ok' : 'evicting'
}

/** Resolves to the error of a write; null when it succeeded. */
async function awaitFailure(write: Promise<unknown>): Promise<unknown> {
  let failure: unknown = new Error('a Redis node does not respond')
  const written = write.then(
    () => void (failure = null),
    (error: unknown) => void (failure = error),
  )
  await endsWithin(nodeTimeoutMs, written)
  return failure
}

function parsePolicy(info: string): string {
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
}
