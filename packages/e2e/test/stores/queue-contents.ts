import { Redis } from 'ioredis'

interface QueueName {
  url: string
  prefix: string
}

/** All keys and values under a queue's prefix, as text: everything that a reader of Redis sees. */
export async function readQueueContents(queue: QueueName): Promise<string> {
  return withKeys(queue, async (redis, keys) => {
    const values = await Promise.all(keys.map((key) => readKey(redis, key)))
    return JSON.stringify(keys.map((key, index) => [key, values[index]]))
  })
}

/** Deletes everything under a queue's prefix, as if Redis had lost its data. */
export async function deleteQueue(queue: QueueName): Promise<void> {
  await withKeys(queue, async (redis, keys) => void (keys.length > 0 && (await redis.del(keys))))
}

async function withKeys<T>(
  { url, prefix }: QueueName,
  work: (redis: Redis, keys: string[]) => Promise<T>,
): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis, await redis.keys(`*${prefix}*`))
  } finally {
    redis.disconnect()
  }
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return redis.hgetall(key)
    case 'zset':
      return redis.zrange(key, '0', '-1')
    case 'list':
      return redis.lrange(key, '0', '-1')
    case 'set':
      return redis.smembers(key)
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      return redis.get(key)
  }
}
