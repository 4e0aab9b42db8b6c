import { measureCapacity, readPeaks, startCallTarget, type CallTarget } from '../calls.ts'
import { openGhostpost, type GhostpostInstallation } from '../contenders/ghostpost.ts'
import { median } from '../figures.ts'
import { cpuSecondsOf, cpuSecondsOfFamily } from '../process-usage.ts'
import { figure, type WorkloadReport } from '../report.ts'
import { notePeaks, type Run } from '../run.ts'
import { commandsBetween, countsBetween, redisCounts, statementCounts } from '../store-counters.ts'
import { growingTables, growthBetween, storeGrowth, type GrowingTable } from '../store-growth.ts'

/** Cost of one call per part, from the request to the recorded attempt. */
export interface CallCost {
  /** CPU seconds. */
  cpu: { api: number; worker: number; postgres: number; redis: number }
  statements: number
  commits: number
  /** Number of flushes of the write-ahead log. */
  walFlushes: number
  walBytes: number
  redisReads: number
  redisCommands: number
  /** Bytes that Postgres stores, indexes included. */
  stored: Readonly<Record<GrowingTable, number>>
}

const million = 1_000_000

/**
 * What everything costs while one API and one worker have as much to do as they can, as the processes of a large
 * installation have: the numbers `bench:scaling` reckons with. With little to do each call wakes each part by itself,
 * and costs more.
 */
export async function cost(run: Run): Promise<WorkloadReport> {
  const installation = await openGhostpost(run.bench)
  try {
    const called = await startCallTarget(installation)
    const caller = called.open()
    const rates: number[] = []
    const costs: CallCost[] = []
    for (let round = 0; round < run.rounds; round += 1) {
      const before = await snapshot(run, installation, called)
      rates.push(await measureCapacity(run, caller))
      costs.push(costOf(before, await snapshot(run, installation, called)))
      run.log(
        `round ${round + 1}: ${figure((costs.at(-1)?.cpu.postgres ?? 0) * million)} µs of Postgres a call`,
      )
    }
    notePeaks(run, await readPeaks(installation, called))
    await caller.close()
    return reportOf(median(rates), typicalOf(costs))
  } finally {
    await installation.stop()
  }
}

type Snapshot = Awaited<ReturnType<typeof snapshot>>

async function snapshot({ bench }: Run, installation: GhostpostInstallation, { api }: CallTarget) {
  const workers = await Promise.all(installation.workers().map(({ pid }) => cpuSecondsOf(pid)))
  return {
    received: (await bench.receiver.counts()).ok,
    cpu: {
      api: await cpuSecondsOf(api.pid),
      worker: sum(workers),
      postgres: await cpuSecondsOfFamily(bench.stores.postgresPid),
      redis: await cpuSecondsOf(bench.stores.redisPid),
    },
    statements: await statementCounts(installation.database.url),
    redis: await redisCounts(installation.queue.redis),
    growth: await storeGrowth(installation.database.url),
  }
}

function costOf(before: Snapshot, after: Snapshot): CallCost {
  const calls = after.received - before.received
  const cpu = (part: keyof CallCost['cpu']): number => (after.cpu[part] - before.cpu[part]) / calls
  const growth = growthBetween(before.growth, after.growth)
  const statements = countsBetween(before.statements, after.statements)
  return {
    cpu: { api: cpu('api'), worker: cpu('worker'), postgres: cpu('postgres'), redis: cpu('redis') },
    statements: sum(statements.map((one) => one.calls)) / calls,
    commits: growth.commits / calls,
    walFlushes: growth.walFlushes / calls,
    walBytes: growth.walBytes / calls,
    redisReads: (after.redis.reads - before.redis.reads) / calls,
    redisCommands: sum(Object.values(commandsBetween(before.redis, after.redis))) / calls,
    stored: byTable((table) => growth.tables[table] / calls),
  }
}

function typicalOf(costs: readonly CallCost[]): CallCost {
  const typical = (of: (cost: CallCost) => number): number => median(costs.map(of))
  const cpu = (part: keyof CallCost['cpu']): number => typical((one) => one.cpu[part])
  return {
    cpu: { api: cpu('api'), worker: cpu('worker'), postgres: cpu('postgres'), redis: cpu('redis') },
    statements: typical((one) => one.statements),
    commits: typical((one) => one.commits),
    walFlushes: typical((one) => one.walFlushes),
    walBytes: typical((one) => one.walBytes),
    redisReads: typical((one) => one.redisReads),
    redisCommands: typical((one) => one.redisCommands),
    stored: byTable((table) => typical((one) => one.stored[table])),
  }
}

function byTable(of: (table: GrowingTable) => number): CallCost['stored'] {
  return Object.fromEntries(growingTables.map((table) => [table, of(table)])) as CallCost['stored']
}

function reportOf(perSecond: number, cost: CallCost): WorkloadReport {
  const { cpu, stored } = cost
  return {
    workload: 'cost',
    title: `What one call costs (${figure(perSecond)} a second, one API, one worker)`,
    columns: [
      'CPU µs: API',
      'worker',
      'Postgres',
      'Redis',
      'statements',
      'commits',
      'flushes',
      'WAL bytes',
      'Redis reads',
      'Redis commands',
      'bytes kept',
    ],
    rows: [
      [
        ...[cpu.api, cpu.worker, cpu.postgres, cpu.redis].map((seconds) => figure(seconds * million)),
        ...[cost.statements, cost.commits, cost.walFlushes, cost.walBytes].map(figure),
        ...[cost.redisReads, cost.redisCommands, sum(Object.values(stored))].map(figure),
      ],
    ],
    targets: [],
    notes: [
      'A flush brings the write-ahead log to the disk, for all commits that wait for it. Bytes kept are with indexes.',
    ],
    charts: [],
    data: cost,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
