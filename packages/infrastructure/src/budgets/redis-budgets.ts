import type { Admission, BreakerState, BudgetLimits, BudgetState, BudgetUse } from '@ghostpost/delivery'
import { Redis } from 'ioredis'
import { admitScript, readScript, reportScript } from './budget-scripts.ts'
import { silenceMaxMs } from '../queue/backend.ts'
import { readingOf } from './local-budgets.ts'
import type { BudgetStore } from './receiver-budgets.ts'

export interface RedisBudgetOptions {
  url: string
  prefix: string
  /** How long a place is held for a request that is never reported. */
  placeMs: number
  onError: (error: Error) => void
  /** The clock, in milliseconds; Redis's own unless a test says otherwise. */
  now?: () => number
  random?: () => number
}

type Script = (keys: number, state: string, places: string, ...args: (string | number)[]) => Promise<string[]>

type ScriptedRedis = Redis & Record<'admitRequest' | 'reportRequest' | 'readBudget', Script>

/** A budget is asked on the way of every attempt: rather none than a slow one. */
const answerMaxMs = 250
const redisClock = 0

/** Budgets in Redis, shared by all workers. Rejects when Redis does not answer. */
export function redisBudgets(options: RedisBudgetOptions): BudgetStore {
  const { prefix, placeMs, now = () => redisClock, random = Math.random } = options
  const redis = openScripted(options)
  const keys = (key: string): [number, string, string] => {
    const base = `{${prefix}}:budget:${key}`
    return [2, base, `${base}:places`]
  }
  return {
    admit: async ({ key, placeId, limits }) =>
      admissionOf(
        await redis.admitRequest(...keys(key), now(), placeId, ...limitArgs(limits), random(), placeMs),
      ),
    report: async ({ key, placeId, limits }, use) => {
      const args = [now(), placeId, ...limitArgs(limits), use.kind, valueOf(use)]
      const [before, after] = await redis.reportRequest(...keys(key), ...args)
      return { before: before as BreakerState, after: after as BreakerState }
    },
    read: async (key, limits) => {
      const [inFlight, nowMs, ...fields] = (
        await redis.readBudget(...keys(key), now(), '', ...limitArgs(limits))
      ).map(Number)
      return readingOf(stateOf(fields), inFlight ?? 0, limits, nowMs ?? 0)
    },
    close: async () => redis.disconnect(),
  }
}

function openScripted({ url, onError }: RedisBudgetOptions): ScriptedRedis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: answerMaxMs,
    socketTimeout: silenceMaxMs,
    enableAutoPipelining: true,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), 2_000),
  })
  redis.on('error', onError)
  redis.defineCommand('admitRequest', { lua: admitScript })
  redis.defineCommand('reportRequest', { lua: reportScript })
  redis.defineCommand('readBudget', { lua: readScript })
  return redis as ScriptedRedis
}

function limitArgs({ intervalMs, concurrency, breakerFailures }: BudgetLimits): number[] {
  return [intervalMs, concurrency, breakerFailures]
}

function admissionOf([cause = '', waitMs]: string[]): Admission {
  if (cause === 'admitted') return { kind: 'admitted' }
  return {
    kind: 'wait',
    waitMs: Number(waitMs),
    because: cause as Extract<Admission, { kind: 'wait' }>['because'],
  }
}

/** −1 stands for "it did not say". */
function valueOf(use: BudgetUse): number {
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
