import {
  breakerOf,
  concurrencyNow,
  delayAfter,
  type Admission,
  type BreakerState,
  type BudgetLimits,
  type BudgetState,
  type BudgetReport,
} from '@ghostpost/delivery/receivers'
import type { Redis } from 'ioredis'
import { openRedisByShard } from '../queue/open-redis.ts'
import { shardOfText, shardPrefix } from '../queue/shards.ts'
import { closeScript, countScript, exchangeScript, readScript } from './budget-scripts.ts'
import { noResend } from '../queue/queue-backend.ts'
import { batchByKey } from '../batching/batch-by-key.ts'
import type {
  BreakerChange,
  BreakerCounts,
  BudgetReading,
  BudgetRequest,
  BudgetStore,
} from './receiver-budgets.ts'

export interface RedisBudgetOptions {
  url: string
  prefix: string
  /** Number of shards over which the budgets are spread; 1 unless given. */
  shards?: number
  /** When the slot of a request expires that is never reported, in milliseconds. */
  slotTimeoutMs: number
  onError: (error: Error) => void
  /** How long a command may take, in milliseconds; 250 unless given. */
  redisTimeoutMs?: number
  /** The clock in milliseconds; Redis's own clock unless a test gives one. */
  now?: () => number
  random?: () => number
}

type Keys = [count: 3, state: string, slots: string, breakers: string]

type Script = (...args: [...Keys, ...(string | number)[]]) => Promise<string[]>

type ScriptedRedis = Redis &
  Record<'exchangeRequests' | 'readBudget' | 'closeBreaker', Script> & {
    countBreakers: (keys: 1, breakers: string, now: number) => Promise<string[]>
  }

/** Every attempt asks its budget: falls back to local budgets rather than slow attempts down. */
const redisTimeoutDefaultMs = 250
const redisClock = 0

/** The most requests to one receiver in one call of the script. */
const batchMax = 200

/** A request that asks, or that ended and is reported. */
type Exchange = BudgetRequest & { use: BudgetReport | null }

/** Of a request that asks, or of one that is reported. */
type Exchanged = Admission | BreakerChange

/** Budgets in Redis, shared by all workers. Every method rejects when Redis does not respond. */
export function redisBudgets(options: RedisBudgetOptions): BudgetStore {
  const { slotTimeoutMs, now = () => redisClock, random = Math.random } = options
  const shards = openScripted(options)
  const shardFor = (key: string): ScriptedShard => {
    const shard = shards[shardOfText(key, shards.length)]
    if (!shard) throw new Error('there is no shard for a budget')
    return shard
  }
  /** All keys have the shard's text in braces, so a Redis Cluster stores them on one node. */
  const keys = (key: string): Keys => {
    const { prefix, breakers } = shardFor(key)
    const base = `${prefix}:budget:${key}`
    return [3, base, `${base}:places`, breakers]
  }
  const budgetArgs = (key: string, limits: BudgetRequest['limits']): [...Keys, ...number[]] => [
    ...keys(key),
    now(),
    ...limitArgs(limits),
  ]
  const exchangeBatch = async (key: string, exchanges: readonly Exchange[]): Promise<Exchanged[]> => {
    const reports = exchanges.filter(({ use }) => use !== null)
    const asking = exchanges.filter(({ use }) => use === null)
    const results = await shardFor(key).redis.exchangeRequests(
      ...budgetArgs(key, firstOf(exchanges).limits),
      slotTimeoutMs,
      reports.length,
      ...reports.flatMap(reportArgs),
      ...asking.flatMap(({ slotId, probe }) => [slotId, random(), probe ? 1 : 0]),
    )
    const changes = splitEvery(2, results.slice(0, 2 * reports.length)).map(changeOf)
    const admissions = splitEvery(3, results.slice(2 * reports.length)).map(admissionOf)
    // Each kind is in the order in which it was sent.
    return exchanges.map(({ use }) => (use === null ? admissions : changes).shift() as Exchanged)
  }
  const exchange = batchByKey(exchangeBatch, batchMax)
  return {
    admit: (request) => exchange(request.key, { ...request, use: null }) as Promise<Admission>,
    report: (request, use) => exchange(request.key, { ...request, use }) as Promise<BreakerChange>,
    read: async (key, limits) => {
      const [inFlight, nowMs, ...fields] = (
        await shardFor(key).redis.readBudget(...budgetArgs(key, limits))
      ).map(Number)
      return readingOf(stateOf(fields), inFlight ?? 0, limits, nowMs ?? 0)
    },
    closeBreaker: async (key, limits) => {
      const [before] = await shardFor(key).redis.closeBreaker(...budgetArgs(key, limits))
      return before as BreakerState
    },
    countBreakers: () => countAll(shards, now()),
    close: async () => shards.forEach(({ redis }) => redis.disconnect()),
  }
}

async function countAll(shards: readonly ScriptedShard[], nowMs: number): Promise<BreakerCounts> {
  const counts = await Promise.all(
    shards.map(({ redis, breakers }) => redis.countBreakers(1, breakers, nowMs)),
  )
  const sum = (at: 0 | 1): number => counts.reduce((total, count) => total + Number(count[at]), 0)
  return { open: sum(0), half_open: sum(1) }
}

function firstOf<T>(all: readonly T[]): T {
  const [one] = all
  if (one === undefined) throw new Error('a batch of budget requests is empty')
  return one
}

function splitEvery(size: number, results: readonly string[]): string[][] {
  return Array.from({ length: results.length / size }, (_, index) =>
    results.slice(size * index, size * (index + 1)),
  )
}

interface ScriptedShard {
  redis: ScriptedRedis
  prefix: string
  /** Key of the sorted set of the shard's breakers that are not closed. */
  breakers: string
}

function openScripted(options: RedisBudgetOptions): ScriptedShard[] {
  const { url, prefix, shards = 1, redisTimeoutMs = redisTimeoutDefaultMs, onError } = options
  const clients = openRedisByShard(url, prefix, shards, {
    maxRetriesPerRequest: 1,
    commandTimeout: redisTimeoutMs,
    ...noResend,
  })
  for (const redis of new Set(clients)) {
    redis.on('error', onError)
    redis.defineCommand('exchangeRequests', { lua: exchangeScript })
    redis.defineCommand('readBudget', { lua: readScript })
    redis.defineCommand('closeBreaker', { lua: closeScript })
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

function admissionOf([cause, waitMs, everyMs]: readonly string[]): Admission {
  if (cause === 'admitted') return { kind: 'admitted' }
  return {
    kind: 'wait',
    waitMs: Number(waitMs),
    everyMs: Number(everyMs),
    because: cause as Extract<Admission, { kind: 'wait' }>['because'],
  }
}

function changeOf([before, after]: readonly string[]): BreakerChange {
  return { before: before as BreakerState, after: after as BreakerState }
}

function reportArgs({ slotId, use, limits }: Exchange): (string | number)[] {
  return use === null ? [] : [slotId, use.kind, valueOf(use), delayAfter(use, limits)]
}

/** The value that a report passes to the script; −1: the receiver gave no Retry-After. */
function valueOf(use: BudgetReport): number {
  if (use.kind === 'answered') return use.durationMs
  return use.kind === 'throttled' ? (use.retryAfterMs ?? -1) : 0
}

/** Parses the state's fields in the order of the script. */
function stateOf(fields: readonly number[]): BudgetState {
  const [window = 0, failures = 0, opens = 0, openUntilMs = 0, throttles = 0, blockedUntilMs = 0] = fields
  const [nextAtMs = 0, queueTailMs = 0, meanMs = 0] = fields.slice(6, 9)
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

function readingOf(state: BudgetState, inFlight: number, limits: BudgetLimits, nowMs: number): BudgetReading {
  const breaker = breakerOf(state, nowMs)
  return {
    breaker,
    openUntil: breaker === 'open' ? new Date(state.openUntilMs) : null,
    blockedUntil: state.blockedUntilMs > nowMs ? new Date(state.blockedUntilMs) : null,
    inFlight,
    room: breaker === 'open' ? 0 : concurrencyNow(state, limits),
    meanMs: state.meanMs,
  }
}
