import type { Redis } from 'ioredis'
import { endsWithin } from './queue-backend.ts'
import { shardPrefix } from './shards.ts'

/** Less than the whole check may take: a node that hangs must not hide that the others answer. */
const nodeTimeoutMs = 800
const checkTtlMs = 10_000
const refusalPattern = /^(OOM|READONLY|MISCONF)\b/

/**
 * Writes where each shard's keys are, as only that shows a store that is full or read-only, and asks whether any of it
 * may be thrown away.
 * @param shards a client for each shard
 * @throws what a node that answers refuses with, else what is wrong with the first shard when none can be written to
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

/** What a write failed with; null when it did not. */
async function awaitFailure(write: Promise<unknown>): Promise<unknown> {
  let failure: unknown = new Error('a node does not answer')
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
