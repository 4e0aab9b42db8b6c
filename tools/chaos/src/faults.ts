import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { SeededRandom } from './random.ts'
import type { ReceiverMode } from './chaos-receiver.ts'
import type { StoreUnderTest } from './stores.ts'
import type { Slot, World } from './world.ts'

/** A fault that ends: when `inject` resolves, everything is repaired. */
export interface Fault {
  name: string
  /** During the fault no caller that follows readiness may be refused or disconnected. */
  mustServeAll?: boolean
  /** Takes half a minute, so the short form runs it only by name. */
  takesLong?: boolean
  inject: (world: World, random: SeededRandom) => Promise<void>
}

/** Longer than a claim, which lasts 4 s in this suite. */
const frozenMs = 5_000
const clockStepMs = 3_600_000

export const faults: readonly Fault[] = [
  {
    name: 'kill -9 of an API',
    inject: (world, random) => killAndReplace(world, [random.pick(world.apis)], random),
  },
  {
    name: 'kill -9 of a worker',
    inject: (world, random) => killAndReplace(world, [random.pick(world.workers)], random),
  },
  { name: 'kill -9 of all workers', inject: (world, random) => killAndReplace(world, world.workers, random) },
  {
    name: 'kill -9 of everything of ours',
    inject: (world, random) => killAndReplace(world, allSlots(world), random),
  },
  { name: 'worker frozen past its claim', inject: (world, random) => freeze(world.workers, random) },
  { name: 'API frozen', inject: (world, random) => freeze(world.apis, random) },
  {
    name: 'rolling restart of everything',
    mustServeAll: true,
    inject: (world) => restartInTurn(allSlots(world)),
  },
  { name: 'kill -9 of Redis', inject: (world, random) => killStore(world, world.redis, 'kept', random) },
  {
    name: 'Redis fails over to an empty replica',
    inject: (world, random) => killStore(world, world.redis, 'empty', random),
  },
  { name: 'FLUSHALL', inject: (world) => withRedis(world, async (redis) => void (await redis.flushall())) },
  { name: 'Redis out of memory', inject: (world, random) => misconfigure(world, random, outOfMemory) },
  { name: 'Redis read-only', inject: (world, random) => misconfigure(world, random, readOnly) },
  { name: 'kill -9 of Postgres', inject: killPostgres },
  {
    name: 'connections to Redis cut',
    inject: (world, random) => disturbNetwork(world, world.redis, { kind: 'cut' }, random),
  },
  {
    name: 'connections to Postgres cut',
    inject: (world, random) => disturbNetwork(world, world.postgres, { kind: 'cut' }, random),
  },
  {
    name: 'Redis half-open',
    inject: (world, random) => disturbNetwork(world, world.redis, { kind: 'silent' }, random),
  },
  {
    name: 'Postgres half-open',
    inject: (world, random) => disturbNetwork(world, world.postgres, { kind: 'silent' }, random),
  },
  {
    name: 'connections to Redis forgotten by a firewall',
    takesLong: true,
    inject: async ({ redis }) => redis.proxy.forget(),
  },
  {
    name: 'connections to Postgres forgotten by a firewall',
    takesLong: true,
    inject: async ({ postgres }) => postgres.proxy.forget(),
  },
  { name: 'slow network to both stores', inject: slowNetwork },
  {
    name: 'receiver refuses connections',
    inject: (world, random) => switchReceiver(world, 'refuses', random),
  },
  { name: 'receiver hangs', inject: (world, random) => switchReceiver(world, 'hangs', random) },
  { name: 'receiver answers 503', inject: (world, random) => switchReceiver(world, 'fails', random) },
  {
    name: 'clock of a worker one hour ahead',
    inject: (world, random) => stepClock(world, world.workers, clockStepMs, random),
  },
  {
    name: 'clock of a worker one hour behind',
    inject: (world, random) => stepClock(world, world.workers, -clockStepMs, random),
  },
  {
    name: 'clock of an API one hour ahead',
    inject: (world, random) => stepClock(world, world.apis, clockStepMs, random),
  },
  {
    name: 'clock of an API one hour behind',
    inject: (world, random) => stepClock(world, world.apis, -clockStepMs, random),
  },
]

function allSlots({ apis, workers }: World): Slot[] {
  return [...apis, ...workers]
}

/** Duration of a fault in milliseconds. */
function waitForDuration({ faultMs }: World, random: SeededRandom): Promise<void> {
  return pause(random.between(faultMs.min, faultMs.max))
}

async function killAndReplace(world: World, slots: readonly Slot[], random: SeededRandom): Promise<void> {
  await Promise.all(slots.map((slot) => slot.process().kill()))
  await waitForDuration(world, random)
  await Promise.all(slots.map((slot) => slot.start()))
}

async function freeze(slots: readonly Slot[], random: SeededRandom): Promise<void> {
  const { pid } = random.pick(slots).process()
  process.kill(pid, 'SIGSTOP')
  await pause(frozenMs)
  process.kill(pid, 'SIGCONT')
}

async function restartInTurn(slots: readonly Slot[]): Promise<void> {
  for (const slot of slots) {
    const code = await slot.process().stop()
    if (code !== 0) throw new Error(`${slot.name} did not stop in order: ${slot.process().output()}`)
    await slot.start()
  }
}

async function killStore(
  world: World,
  store: StoreUnderTest,
  data: 'kept' | 'empty',
  random: SeededRandom,
): Promise<void> {
  await store.kill()
  await waitForDuration(world, random)
  await store.start(data)
}

async function killPostgres(world: World, random: SeededRandom): Promise<void> {
  await killStore(world, world.postgres, 'kept', random)
  await world.reopenDatabase()
}

async function withRedis<T>(world: World, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(world.redis.directUrl())
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
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

async function disturbNetwork(
  world: World,
  { proxy }: StoreUnderTest,
  mode: { kind: 'cut' } | { kind: 'silent' },
  random: SeededRandom,
): Promise<void> {
  proxy.setMode(mode)
  await waitForDuration(world, random)
  proxy.setMode({ kind: 'pass' })
}

async function slowNetwork(world: World, random: SeededRandom): Promise<void> {
  const { postgres, redis } = world
  const delayMs = random.between(20, 150)
  for (const { proxy } of [postgres, redis]) proxy.setMode({ kind: 'delay', delayMs })
  await waitForDuration(world, random)
  for (const { proxy } of [postgres, redis]) proxy.setMode({ kind: 'pass' })
}

async function switchReceiver(world: World, kind: ReceiverMode, random: SeededRandom): Promise<void> {
  await world.receiver.setMode(kind)
  await waitForDuration(world, random)
  await world.receiver.setMode('fair')
}

/** The clock is wrong until the fault ends; then it jumps back. */
async function stepClock(
  world: World,
  slots: readonly Slot[],
  clockOffsetMs: number,
  random: SeededRandom,
): Promise<void> {
  const { child } = random.pick(slots).process()
  child.send({ clockOffsetMs })
  await waitForDuration(world, random)
  child.send({ clockOffsetMs: 0 })
}
