import {
  delayAfter,
  rateToleranceMs,
  spacingMaxMs,
  throttleMaxMs,
  throttleMinMs,
  waitMaxMs,
  type Admission,
  type BudgetLimits,
} from '@ghostpost/delivery/receivers'
import type { BudgetStore } from './receiver-budgets.ts'

/** The most concurrent requests of this process to one receiver, unless the receiver's own limit is lower. */
export const localConcurrencyMax = 16
/** A process remembers this many receivers and forgets the one that it used least recently. */
const receiversMax = 10_000

interface LocalReceiver {
  /** When each slot expires, by its id. */
  slots: Map<string, number>
  /** Until when the receiver asked for no requests. */
  blockedUntilMs: number
  /** When the rate limit allows the next request. */
  nextAtMs: number
  /** The time that was assigned to the last waiting request. */
  queueTailMs: number
}

/** The time of day at process start plus monotonic time, so that a changed system clock prolongs no wait. */
const monotonicTime = (): number => performance.timeOrigin + performance.now()

/**
 * Budgets of this process alone, for a queue on Postgres and while Redis is unavailable: a fixed number of concurrent
 * requests, the configured rate, and the pauses that a receiver asks for. Without breaker and adaptation (ADR 0021).
 * @param slotTimeoutMs when the slot of a request expires that is never reported
 */
export function localBudgets(
  slotTimeoutMs: number,
  now: () => number = monotonicTime,
  random: () => number = Math.random,
): BudgetStore {
  const receivers = new Map<string, LocalReceiver>()
  const receiverOf = (key: string): LocalReceiver => {
    const receiver = receivers.get(key) ?? newReceiver()
    receivers.delete(key)
    receivers.set(key, receiver)
    const [oldest] = receivers.keys()
    if (receivers.size > receiversMax && oldest !== undefined) receivers.delete(oldest)
    for (const [slotId, expiresAtMs] of receiver.slots)
      if (expiresAtMs <= now()) receiver.slots.delete(slotId)
    return receiver
  }
  return {
    admit: async ({ key, slotId, limits }) => {
      const receiver = receiverOf(key)
      receiver.slots.delete(slotId)
      const admission = admit(receiver, limits, now(), random())
      if (admission.kind === 'admitted') receiver.slots.set(slotId, now() + slotTimeoutMs)
      return admission
    },
    report: async ({ key, slotId, limits }, use) => {
      const receiver = receiverOf(key)
      receiver.slots.delete(slotId)
      const delayMs = delayAfter(use, limits)
      if (delayMs > 0) receiver.nextAtMs = Math.max(receiver.nextAtMs, now()) + delayMs
      if (use.kind === 'throttled') {
        const pauseMs = Math.min(use.retryAfterMs ?? throttleMinMs, throttleMaxMs)
        receiver.blockedUntilMs = Math.max(receiver.blockedUntilMs, now() + pauseMs)
      }
      return { before: 'closed', after: 'closed' }
    },
    read: async (key, limits) => {
      const { slots, blockedUntilMs } = receiverOf(key)
      return {
        breaker: 'closed',
        openUntil: null,
        blockedUntil: blockedUntilMs > now() ? new Date(blockedUntilMs) : null,
        inFlight: slots.size,
        room: concurrencyOf(limits),
        meanMs: 0,
      }
    },
    closeBreaker: async () => 'closed',
    countBreakers: async () => ({ open: 0, half_open: 0 }),
    close: async () => receivers.clear(),
  }
}

function newReceiver(): LocalReceiver {
  return { slots: new Map(), blockedUntilMs: 0, nextAtMs: 0, queueTailMs: 0 }
}

function concurrencyOf({ concurrency }: BudgetLimits): number {
  return Math.min(concurrency, localConcurrencyMax)
}

/** Changes `receiver`. Waiting requests come back one after another. */
function admit(receiver: LocalReceiver, limits: BudgetLimits, nowMs: number, random: number): Admission {
  const wait = (because: 'throttled' | 'concurrency_full' | 'rate_limited', fromMs: number): Admission => {
    const spacingMs = Math.max(spacingMaxMs, limits.intervalMs)
    const atMs = Math.max(receiver.queueTailMs + spacingMs, fromMs, nowMs + 1)
    if (atMs - nowMs > Math.max(waitMaxMs, fromMs - nowMs))
      return { kind: 'wait', waitMs: Math.ceil(1 + random * waitMaxMs), because, everyMs: spacingMs }
    receiver.queueTailMs = atMs
    return { kind: 'wait', waitMs: Math.ceil(atMs - nowMs), because, everyMs: spacingMs }
  }
  if (receiver.blockedUntilMs > nowMs) return wait('throttled', receiver.blockedUntilMs)
  if (receiver.slots.size >= concurrencyOf(limits)) return wait('concurrency_full', nowMs)
  if (receiver.nextAtMs > nowMs) return wait('rate_limited', receiver.nextAtMs)
  receiver.nextAtMs = Math.max(receiver.nextAtMs, nowMs - rateToleranceMs) + limits.intervalMs
  return { kind: 'admitted' }
}
