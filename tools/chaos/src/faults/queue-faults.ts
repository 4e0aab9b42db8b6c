import { Redis } from 'ioredis'
import type { SeededRandom } from '../random.ts'
import type { StoreUnderTest } from '../world/stores.ts'
import type { World } from '../world/world.ts'
import { pollUntil, waitForDuration, type Fault } from './fault.ts'

/** Redis that dies, loses data, refuses writes or cannot be reached. */

export const queueFaults: readonly Fault[] = [
  { name: 'kill -9 of Redis', inject: (world, random) => killRedis(world, 'kept', random) },
  {
    name: 'Redis fails over to an empty replica',
    inject: (world, random) => loseJobs(world, () => killRedis(world, 'empty', random)),
  },
  {
    name: 'FLUSHALL',
    inject: (world) =>
      loseJobs(world, () => withRedis(world, async (redis) => void (await redis.flushall()))),
  },
  {
    name: 'lists of the queue evicted',
    inject: (world) => loseJobs(world, () => withRedis(world, evictLists)),
  },
  {
    name: 'jobs of the queue evicted',
    inject: (world) => loseJobs(world, () => withRedis(world, evictJobs)),
  },
  { name: 'Redis out of memory', inject: (world, random) => misconfigure(world, random, outOfMemory) },
  { name: 'Redis read-only', inject: (world, random) => misconfigure(world, random, readOnly) },
  {
    name: 'connections to Redis cut',
    inject: (world, random) => disturbNetwork(world, world.redis, { kind: 'cut' }, random),
  },
  {
    name: 'Redis half-open',
    inject: (world, random) => disturbNetwork(world, world.redis, { kind: 'silent' }, random),
  },
  {
    name: 'connections to Redis forgotten by a firewall',
    onlyLong: true,
    inject: async ({ redis }) => redis.proxy.forget(),
  },
]

async function killRedis(world: World, data: 'kept' | 'empty', random: SeededRandom): Promise<void> {
  await world.redis.kill()
  await waitForDuration(world, random)
  await world.redis.start(data)
}

async function withRedis<T>(world: World, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(world.redis.directUrl())
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

const jobsWantedMaxMs = 3_000
const jobsWanted = 3

/** Makes jobs wait for a retry, counts them, and injects a fault that loses them. */
async function loseJobs(world: World, inject: () => Promise<void>): Promise<void> {
  await world.receiver.setMode('fails')
  await pollUntil(async () => (await countJobs(world)) >= jobsWanted, jobsWantedMaxMs)
  world.lostJobs += await countJobs(world)
  await inject()
  await world.receiver.setMode('fair')
}

function countJobs(world: World): Promise<number> {
  return withRedis(world, async (redis) => (await findKeys(redis, isJob)).length)
}

/** A job's key ends with the id of its delivery, and lies in the name of a lane. */
const isJob = (key: string): boolean => /lane-.*:[0-9a-f]{8}-[0-9a-f-]{27}/.test(key)
const isList = (key: string): boolean => /lane-.*:(wait|delayed|prioritized|marker)$/.test(key)

async function findKeys(redis: Redis, matches: (key: string) => boolean): Promise<string[]> {
  return (await redis.keys('*lane-*')).filter(matches)
}

/** As Redis does at its limit with a policy that evicts: single keys are gone, and all others stay. */
async function evictLists(redis: Redis): Promise<void> {
  const keys = await findKeys(redis, isList)
  if (keys.length > 0) await redis.del(...keys)
}

async function evictJobs(redis: Redis): Promise<void> {
  const keys = await findKeys(redis, isJob)
  if (keys.length > 0) await redis.del(...keys)
}

type Misconfiguration = readonly [
  on: (redis: Redis) => Promise<unknown>,
  off: (redis: Redis) => Promise<unknown>,
]

const outOfMemory: Misconfiguration = [
  (redis) => redis.config('SET', 'maxmemory', '1'),
  (redis) => redis.config('SET', 'maxmemory', '0'),
]

const readOnly: Misconfiguration = [
  // As a replica of an unreachable master it refuses writes and keeps its data.
  (redis) => redis.call('REPLICAOF', '127.0.0.1', '1'),
  (redis) => redis.call('REPLICAOF', 'NO', 'ONE'),
]

async function misconfigure(world: World, random: SeededRandom, [on, off]: Misconfiguration): Promise<void> {
  await withRedis(world, on)
  await waitForDuration(world, random)
  await withRedis(world, off)
}

export async function disturbNetwork(
  world: World,
  { proxy }: StoreUnderTest,
  mode: { kind: 'cut' } | { kind: 'silent' },
  random: SeededRandom,
): Promise<void> {
  proxy.setMode(mode)
  await waitForDuration(world, random)
  proxy.setMode({ kind: 'pass' })
}
