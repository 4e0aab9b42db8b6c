import type {
  Admission,
  BreakerState,
  BudgetLimits,
  BudgetState,
  BudgetReport,
} from '@ghostpost/delivery/receivers'
import type { Redis } from 'ioredis'
import { openRedisByShard } from '../queue/open-redis.ts'
import { shardOfText, shardPrefix } from '../queue/shards.ts'
import { admitScript, countScript, readScript, reportScript } from './budget-scripts.ts'
import { noResend } from '../queue/queue-backend.ts'
import { readingOf } from './local-budgets.ts'
import { batchCalls } from '../batching/batch-calls.ts'
import type { BreakerChange, BudgetRequest, BudgetStore } from './receiver-budgets.ts'

export interface RedisBudgetOptions {
  url: string
  prefix: string
  /** Over how many shards they are spread; one unless told otherwise. */
  shards?: number
  /** How long a place is held for a request that is never reported. */
  slotTimeoutMs: number
  onError: (error: Error) => void
  /** The clock, in milliseconds; Redis's own unless a test says otherwise. */
  now?: () => number
  random?: () => number
}

type Keys = [count: 3, state: string, places: string, breakers: string]

type Script = (...args: [...Keys, ...(string | number)[]]) => Promise<string[]>

type ScriptedRedis = Redis &
  Record<'admitRequests' | 'reportRequests' | 'readBudget', Script> & {
    countBreakers: (keys: 1, breakers: string, now: number) => Promise<string[]>
  }

/** A budget is asked on the way of every attempt: rather none than a slow one. */
const redisTimeoutMs = 250
const redisClock = 0

/** Requests to one receiver that ask in one script. */
const batchMax = 200
const batchOptions = { maxSize: batchMax, maxInFlight: 2, shouldRetrySingly: () => false }

interface ReportedRequest extends BudgetRequest {
  use: BudgetReport
}

/** Budgets in Redis, shared by all workers. Rejects when Redis does not answer. */
export function redisBudgets(options: RedisBudgetOptions): BudgetStore {
  const { slotTimeoutMs, now = () => redisClock, random = Math.random } = options
  const shards = openScripted(options)
  const shardFor = (key: string): ScriptedShard => {
    const shard = shards[shardOfText(key, shards.length)]
    if (!shard) throw new Error('there is no shard for a budget')
    return shard
  }
  /** All have the shard's text in braces, so they lie together. */
  const keys = (key: string): Keys => {
    const { prefix, breakers } = shardFor(key)
    const base = `${prefix}:budget:${key}`
    return [3, base, `${base}:places`, breakers]
  }
  const admitBatch = async (requests: readonly BudgetRequest[]): Promise<Admission[]> => {
    const { key, limits } = firstOf(requests)
    const slotArgs = requests.flatMap(({ slotId }) => [slotId, random()])
    const { redis } = shardFor(key)
    const results = await redis.admitRequests(
      ...keys(key),
      now(),
      ...limitArgs(limits),
      slotTimeoutMs,
      ...slotArgs,
    )
    return pairUp(results).map(admissionOf)
  }
  const reportBatch = async (reports: readonly ReportedRequest[]): Promise<BreakerChange[]> => {
    const { key, limits } = firstOf(reports)
    const useArgs = reports.flatMap(({ slotId, use }) => [slotId, use.kind, valueOf(use)])
    const { redis } = shardFor(key)
    const results = await redis.reportRequests(...keys(key), now(), ...limitArgs(limits), ...useArgs)
    return pairUp(results).map(([before, after]) => ({
      before: before as BreakerState,
      after: after as BreakerState,
    }))
  }
  const report = batchCalls(perReceiver(reportBatch), batchOptions)
  return {
    admit: batchCalls(perReceiver(admitBatch), batchOptions),
    report: (request, use) => report({ ...request, use }),
    read: async (key, limits) => {
      const [inFlight, nowMs, ...fields] = (
        await shardFor(key).redis.readBudget(...keys(key), now(), ...limitArgs(limits))
      ).map(Number)
      return readingOf(stateOf(fields), inFlight ?? 0, limits, nowMs ?? 0)
    },
    countBreakers: async () => {
      const counts = await Promise.all(
        shards.map(({ redis, breakers }) => redis.countBreakers(1, breakers, now())),
      )
      const sum = (at: 0 | 1): number => counts.reduce((total, count) => total + Number(count[at]), 0)
      return { open: sum(0), half_open: sum(1) }
    },
    close: async () => {
      for (const { redis } of shards) redis.disconnect()
    },
  }
}

/**
 * One script for all requests to the same receiver; the scripts go to Redis together. Each receiver's are answered apart:
 * the node of one may be away.
 */
function perReceiver<Call extends BudgetRequest, Result>(
  send: (requests: readonly Call[]) => Promise<readonly Result[]>,
): (requests: readonly Call[]) => Promise<Promise<Result>[]> {
  return async (requests) => {
    const groups = Map.groupBy(requests, ({ key }) => key)
    const resultsByKey = new Map([...groups].map(([key, group]) => [key, send(group)]))
    return requests.map(async (request) => {
      const results = await resultsByKey.get(request.key)
      return results?.[groups.get(request.key)?.indexOf(request) ?? 0] as Result
    })
  }
}

function firstOf<T>(all: readonly T[]): T {
  const [one] = all
  if (one === undefined) throw new Error('there is nothing to ask for')
  return one
}

function pairUp(results: readonly string[]): [string, string][] {
  return Array.from({ length: results.length / 2 }, (_, index) => [
    results[2 * index] ?? '',
    results[2 * index + 1] ?? '',
  ])
}

interface ScriptedShard {
  redis: ScriptedRedis
  prefix: string
  /** Key of the set of the shard's breakers. */
  breakers: string
}

function openScripted({ url, prefix, shards = 1, onError }: RedisBudgetOptions): ScriptedShard[] {
  const clients = openRedisByShard(url, prefix, shards, {
    maxRetriesPerRequest: 1,
    commandTimeout: redisTimeoutMs,
    ...noResend,
    enableAutoPipelining: true,
  })
  for (const redis of new Set(clients)) {
    redis.on('error', onError)
    redis.defineCommand('admitRequests', { lua: admitScript })
    redis.defineCommand('reportRequests', { lua: reportScript })
    redis.defineCommand('readBudget', { lua: readScript })
    redis.defineCommand('countBreakers', { lua: countScript })
  }
  return clients.map((redis, shard) => {
    const keys = shardPrefix(prefix, shard)
    return { redis: redis as ScriptedRedis, prefix: keys, breakers: `${keys}:breakers` }
  })
}

function limitArgs({ intervalMs, concurrency, breakerFailures }: BudgetLimits): number[] {
  return [intervalMs, concurrency, breakerFailures]
}

function admissionOf([cause, waitMs]: [string, string]): Admission {
  if (cause === 'admitted') return { kind: 'admitted' }
  return {
    kind: 'wait',
    waitMs: Number(waitMs),
    because: cause as Extract<Admission, { kind: 'wait' }>['because'],
  }
}

/** −1 stands for "it did not say". */
function valueOf(use: BudgetReport): number {
  if (use.kind === 'answered') return use.durationMs
  return use.kind === 'throttled' ? (use.retryAfterMs ?? -1) : 0
}

/** In the script's order. */
function stateOf(fields: readonly number[]): BudgetState {
  const [window = 0, failures = 0, opens = 0, openUntilMs = 0, throttles = 0, blockedUntilMs = 0] = fields
  const [nextAtMs = 0, queueTailMs = 0, meanMs = 0] = fields.slice(6)
  return {
    window,
    failures,
    opens,
    openUntilMs,
    throttles,
    blockedUntilMs,
    nextAtMs,
    queueTailMs,
    meanMs,
  }
}
