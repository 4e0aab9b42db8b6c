import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { endsWithin } from './queue-backend.ts'
import { isForbidden } from './queue-error.ts'
import { shardPrefix } from './shards.ts'

/** Less than the limit of the whole check, so that a node that hangs does not hide the others. */
const nodeTimeoutMs = 800
const checkTtlMs = 10_000
const refusalPattern = /^(OOM|READONLY|MISCONF|NOPERM|NOAUTH|WRONGPASS)\b/

const script = 'return 1'
const scriptDigest = createHash('sha1').update(script).digest('hex')

/**
 * Writes a key next to each shard's keys, because only a write detects a full or read-only store. Runs a script,
 * because the queue consists of scripts. Reads whether a node may evict keys.
 * @param shards a client for each shard
 * @throws the refusal of a node, or the first shard's error when no shard can be written
 */
export async function checkRedis(
  shards: readonly Redis[],
  prefix: string,
): Promise<'ok' | 'evicting' | 'partial'> {
  const failures = await Promise.all(
    shards.map((redis, shard) => awaitFailure(useNode(redis, `${shardPrefix(prefix, shard)}:check`))),
  )
  const refusal = failures.find((error) => error instanceof Error && refusalPattern.test(error.message))
  if (refusal !== undefined || failures.every(Boolean)) throw refusal ?? failures[0]
  if (failures.some(Boolean)) return 'partial'
  const clients = [...new Set(shards)]
  const policies = await Promise.all(clients.map(readPolicy))
  return policies.every((policy) => policy === 'noeviction') ? 'ok' : 'evicting'
}

async function useNode(redis: Redis, key: string): Promise<void> {
  await Promise.all([redis.set(key, '1', 'PX', checkTtlMs), runScript(redis, key)])
}

/** As BullMQ does: by the script's digest, and by its text where the node does not know it. */
async function runScript(redis: Redis, key: string): Promise<void> {
  try {
    await redis.evalsha(scriptDigest, 1, key)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    await redis.eval(script, 1, key)
  }
}

/** Resolves to the error of a node; null when it succeeded. */
async function awaitFailure(use: Promise<unknown>): Promise<unknown> {
  let failure: unknown = new Error('a Redis node does not respond')
  const used = use.then(
    () => void (failure = null),
    (error: unknown) => void (failure = error),
  )
  await endsWithin(nodeTimeoutMs, used)
  return failure
}

/** The queue works without the right to INFO. */
async function readPolicy(redis: Redis): Promise<string> {
  const info = await redis.info('memory').catch((error: unknown) => {
    if (isForbidden(error)) return ''
    throw error
  })
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
}
