import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { shardPrefix } from './shards.ts'

/**
 * Detects that Redis lost its data: emptied, restarted without its file, or replaced by a replica that was behind. Each
 * shard has a key with a random value that nobody deletes. Where it is missing or has another value, the jobs of this
 * shard are gone, too.
 * @returns whether the data of any shard was lost since the last call; rejects when a shard does not
 * respond and no other one lost data
 */
export function watchForDataLoss(shards: readonly Redis[], prefix: string): () => Promise<boolean> {
  const known = new Map<number, string>()
  const readShard = async (redis: Redis, shard: number): Promise<boolean> => {
    const key = `${shardPrefix(prefix, shard)}:generation`
    const created = await redis.set(key, randomUUID(), 'NX')
    const generation = (await redis.get(key)) ?? ''
    const before = known.get(shard)
    known.set(shard, generation)
    return before === undefined ? created !== null : before !== generation
  }
  return async () => {
    const readings = await Promise.allSettled(shards.map(readShard))
    if (readings.some((one) => one.status === 'fulfilled' && one.value)) return true
    const failed = readings.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
    return false
  }
}
