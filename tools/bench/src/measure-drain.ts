import { setTimeout as pause } from 'node:timers/promises'
import type { Bench, Installation } from './contenders/contender.ts'
import { cpuSecondsOf, cpuSecondsOfFamily, peakMemoryOf } from './process-usage.ts'
import {
  commandsBetween,
  countsBetween,
  redisCounts,
  statementCounts,
  type RedisCount,
  type StatementCount,
} from './store-counters.ts'

/** Result of one drain. */
export interface Drain {
  deliveries: number
  perSecond: number
  /** CPU seconds per delivery. */
  cpu: { workers: number; postgres: number; redis: number; receiver: number }
  statements: readonly StatementCount[]
  statementsPerDelivery: number
  redisReadsPerDelivery: number
  redisCommandsPerDelivery: number
  redisCommands: Readonly<Record<string, number>>
  redisBytesPerWaiting: number
  /** Largest value of a worker. */
  workerPeakBytes: number
}

const warmUpCount = 500
const pollMs = 10
const settleMs = 300

/**
 * Fills a paused queue and measures how long the workers take to deliver all of it. The workers are running and warm,
 * so neither their start nor their first compilations count.
 * @throws when it takes longer than `timeoutMs`, or a delivery is not delivered
 */
export async function measureDrain(
  bench: Bench,
  installation: Installation,
  count: number,
  timeoutMs: number,
): Promise<Drain> {
  const { queue } = installation
  await drain(bench, installation, warmUpCount, timeoutMs)
  await pause(settleMs)
  const deliveredBefore = await installation.delivered()
  await queue.pause()
  const empty = await redisCounts(queue.redis)
  await installation.fill(count, 'ok')
  await pause(settleMs)
  const full = await redisCounts(queue.redis)
  const before = await snapshot(bench, installation)
  const startedAt = performance.now()
  await queue.resume()
  await untilDelivered(bench, installation, before.received + count, timeoutMs)
  const seconds = (performance.now() - startedAt) / 1_000
  const after = await snapshot(bench, installation)
  await checkAll(installation, deliveredBefore, count)
  return {
    deliveries: count,
    perSecond: count / seconds,
    redisBytesPerWaiting: (full.usedBytes - empty.usedBytes) / count,
    ...costs(before, after, count),
    workerPeakBytes: after.workerPeakBytes,
  }
}

async function drain(
  bench: Bench,
  installation: Installation,
  count: number,
  timeoutMs: number,
): Promise<void> {
  const { ok } = await bench.receiver.counts()
  await installation.fill(count, 'ok')
  await untilDelivered(bench, installation, ok + count, timeoutMs)
}

/** Waits until all requests have arrived, which costs the stores no query; then until the queue is empty. */
async function untilDelivered(
  { receiver }: Bench,
  { queue }: Installation,
  received: number,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  const isLate = (): boolean => performance.now() > deadline
  while (!isLate() && (await receiver.counts()).ok < received) await pause(pollMs)
  while (!isLate() && (await queue.countUnfinished()) > 0) await pause(pollMs)
  if (isLate())
    throw new Error(`${await queue.countUnfinished()} deliveries were left after ${timeoutMs / 1_000} s`)
}

async function checkAll(installation: Installation, before: number | null, count: number): Promise<void> {
  const delivered = await installation.delivered()
  if (before === null || delivered === null || delivered - before === count) return
  throw new Error(`${delivered - before} of ${count} deliveries are delivered`)
}

interface Snapshot {
  received: number
  cpu: Drain['cpu']
  statements: readonly StatementCount[]
  redis: RedisCount
  workerPeakBytes: number
}

async function snapshot({ stores, receiver }: Bench, installation: Installation): Promise<Snapshot> {
  const pids = installation.workers().map((worker) => worker.pid)
  const workers = await Promise.all(pids.map(cpuSecondsOf))
  const peaks = await Promise.all(pids.map(peakMemoryOf))
  return {
    received: (await receiver.counts()).ok,
    cpu: {
      workers: sum(workers),
      postgres: await cpuSecondsOfFamily(stores.postgresPid),
      redis: await cpuSecondsOf(stores.redisPid),
      receiver: await cpuSecondsOf(receiver.pid),
    },
    statements: installation.databaseUrl === null ? [] : await statementCounts(installation.databaseUrl),
    redis: await redisCounts(installation.queue.redis),
    workerPeakBytes: Math.max(...peaks),
  }
}

function costs(before: Snapshot, after: Snapshot, count: number) {
  const each = (part: keyof Drain['cpu']): number => (after.cpu[part] - before.cpu[part]) / count
  const statements = countsBetween(before.statements, after.statements)
  const redisCommands = commandsBetween(before.redis, after.redis)
  return {
    cpu: {
      workers: each('workers'),
      postgres: each('postgres'),
      redis: each('redis'),
      receiver: each('receiver'),
    },
    statements,
    statementsPerDelivery: sum(statements.map(({ calls }) => calls)) / count,
    redisReadsPerDelivery: (after.redis.reads - before.redis.reads) / count,
    redisCommandsPerDelivery: sum(Object.values(redisCommands)) / count,
    redisCommands,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** CPU seconds of one delivery, those of the stores included. */
export function costOf({ cpu }: Drain): number {
  return cpu.workers + cpu.postgres + cpu.redis
}
