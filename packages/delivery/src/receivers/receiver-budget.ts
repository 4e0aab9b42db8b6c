/**
 * How much one receiver is asked to take, shared by all workers: a rate, a number of requests at once that adapts to
 * how it copes, and a circuit breaker. A delivery that has to wait for its receiver spends no attempt.
 *
 * `packages/infrastructure/src/budgets/budget-scripts.ts` says the same in Lua, where many workers share one state; a
 * test holds the two against each other.
 */

export interface BudgetLimits {
  /** Least time between two requests, in milliseconds; 0 for no rate limit. */
  intervalMs: number
  /** Most requests at once. */
  concurrency: number
  /** Failures in a row that open the breaker; 0 for never. */
  breakerFailures: number
}

export interface BudgetState {
  /** How many requests at once it copes with, by what it did so far; at most the limit. */
  window: number
  /** Failures since the last answer. */
  failures: number
  /** How often the breaker opened since the last answer. */
  opens: number
  /** 0 while closed. Once this moment has passed, one request at a time tries whether it is back. */
  openUntilMs: number
  /** 429 answers since the last other one. */
  throttles: number
  /** Until when the receiver asked to be left alone. */
  blockedUntilMs: number
  /** When the rate allows the next request. */
  nextAtMs: number
  /** The time the last of those who wait was given. */
  queueTailMs: number
  /** Moving mean of how long a request takes. */
  meanMs: number
}

export type BudgetWaitReason = 'breaker_open' | 'throttled' | 'concurrency_full' | 'rate_limited'

export type Admission = { kind: 'admitted' } | { kind: 'wait'; waitMs: number; because: BudgetWaitReason }

/** What a request showed of its receiver. */
export type BudgetReport =
  /** No request was made. */
  | { kind: 'unused' }
  | { kind: 'answered'; durationMs: number }
  /** It asked to be left alone, for `retryAfterMs` if it said so. */
  | { kind: 'throttled'; retryAfterMs: number | null }
  | { kind: 'failed' }

export const breakerOpenMinMs = 5_000
export const breakerOpenMaxMs = 300_000
export const throttleMinMs = 1_000
/** However long a receiver asks to be left alone, it is asked again after this long. */
export const throttleMaxMs = 3_600_000
/** An answer that took longer makes the window a quarter smaller, though not below `slowWindowMin`. */
export const slowResponseMs = 2_000
export const slowWindowMin = 4
/**
 * Requests at once to a receiver nobody knows yet: one that hangs must not hold all the places of a worker. Each quick
 * answer adds one, so that it doubles with every round of them.
 */
export const initialWindow = 16
/** Those who wait come back one after another, this far apart at most and at least. */
export const spacingMaxMs = 5
export const spacingMinMs = 0.5
/** Those who would wait longer than this come back at a random moment within it. */
export const waitMaxMs = 600_000
/** A request may come this much late without those after it being late, too. */
export const rateToleranceMs = 20
const meanWeight = 0.2

/** The least time between requests that keeps any `perSeconds` down to `requests`, tolerance included. */
export function intervalOf(requests: number, perSeconds: number): number {
  return (perSeconds * 1_000 + rateToleranceMs) / requests
}

export function newBudget(limits: BudgetLimits): BudgetState {
  const zero = { failures: 0, opens: 0, openUntilMs: 0, throttles: 0, blockedUntilMs: 0 }
  const window = Math.min(limits.concurrency, initialWindow)
  return { ...zero, window, nextAtMs: 0, queueTailMs: 0, meanMs: 0 }
}

/**
 * Whether one more request may go to a receiver now, and if not, when to ask again. Changes `state`.
 * @param random in [0, 1)
 */
export function admit(
  state: BudgetState,
  inFlight: number,
  limits: BudgetLimits,
  nowMs: number,
  random: number,
): Admission {
  if (state.openUntilMs > nowMs) return wait(state, limits, state.openUntilMs, 'breaker_open', nowMs, random)
  if (state.blockedUntilMs > nowMs)
    return wait(state, limits, state.blockedUntilMs, 'throttled', nowMs, random)
  if (inFlight >= concurrencyNow(state, limits)) {
    const because = state.openUntilMs > 0 ? 'breaker_open' : 'concurrency_full'
    return wait(state, limits, nowMs, because, nowMs, random)
  }
  if (state.nextAtMs > nowMs) return wait(state, limits, state.nextAtMs, 'rate_limited', nowMs, random)
  state.nextAtMs = Math.max(state.nextAtMs, nowMs - rateToleranceMs) + limits.intervalMs
  return { kind: 'admitted' }
}

/** How many requests may be under way at once: one while it is tried whether the receiver is back. */
export function concurrencyNow(state: BudgetState, limits: BudgetLimits): number {
  return state.openUntilMs > 0 ? 1 : Math.min(state.window, limits.concurrency)
}

function wait(
  state: BudgetState,
  limits: BudgetLimits,
  fromMs: number,
  because: BudgetWaitReason,
  nowMs: number,
  random: number,
): Admission {
  // One that has not answered yet may hang: it is not asked for again and again.
  const servingMs = state.meanMs === 0 ? spacingMaxMs : state.meanMs / concurrencyNow(state, limits) / 2
  const spacingMs = Math.max(Math.min(Math.max(servingMs, spacingMinMs), spacingMaxMs), limits.intervalMs)
  const atMs = Math.max(state.queueTailMs + spacingMs, fromMs, nowMs + 1)
  if (atMs - nowMs > Math.max(waitMaxMs, fromMs - nowMs)) {
    return { kind: 'wait', waitMs: Math.ceil(1 + random * waitMaxMs), because }
  }
  state.queueTailMs = atMs
  return { kind: 'wait', waitMs: Math.ceil(atMs - nowMs), because }
}

/** Learns from what a request showed. Changes `state`. */
export function applyReport(
  state: BudgetState,
  report: BudgetReport,
  limits: BudgetLimits,
  nowMs: number,
): void {
  if (report.kind === 'failed') fail(state, limits, nowMs)
  if (report.kind === 'throttled') throttle(state, report.retryAfterMs, nowMs)
  if (report.kind !== 'answered') return
  close(state)
  state.throttles = 0
  state.meanMs += (report.durationMs - state.meanMs) * meanWeight
  state.window =
    report.durationMs > slowResponseMs
      ? Math.max(Math.floor(state.window * 0.75), Math.min(slowWindowMin, state.window))
      : Math.min(state.window + 1, limits.concurrency)
}

/** A receiver that says "too much" is there: the breaker stays closed, but everyone leaves it alone for a while. */
function throttle(state: BudgetState, retryAfterMs: number | null, nowMs: number): void {
  close(state)
  const askedMs = retryAfterMs ?? throttleMinMs * 2 ** Math.min(state.throttles, 6)
  state.throttles += 1
  state.window = halved(state.window)
  state.blockedUntilMs = Math.max(state.blockedUntilMs, nowMs + Math.min(askedMs, throttleMaxMs))
}

function fail(state: BudgetState, limits: BudgetLimits, nowMs: number): void {
  // One failure alone says little: a receiver that refuses every fifth request copes with the others as well as ever.
  if (state.failures > 0 || state.openUntilMs > 0) state.window = halved(state.window)
  // Requests that were under way when it opened say nothing new.
  if (state.openUntilMs > nowMs) return
  state.failures += 1
  if (limits.breakerFailures === 0) return
  if (state.openUntilMs === 0 && state.failures < limits.breakerFailures) return
  state.openUntilMs = nowMs + Math.min(breakerOpenMinMs * 2 ** Math.min(state.opens, 10), breakerOpenMaxMs)
  state.opens += 1
  state.failures = 0
}

function close(state: BudgetState): void {
  state.failures = 0
  state.opens = 0
  state.openUntilMs = 0
}

function halved(window: number): number {
  return Math.max(1, Math.floor(window / 2))
}

export type BreakerState = 'closed' | 'open' | 'half_open'

export function breakerOf(state: Pick<BudgetState, 'openUntilMs'>, nowMs: number): BreakerState {
  if (state.openUntilMs === 0) return 'closed'
  return state.openUntilMs > nowMs ? 'open' : 'half_open'
}

/** A saved destination has a budget of its own; receivers of ad-hoc URLs have one for their host. */
export function budgetKeyOf(delivery: { destinationId: string | null; receiverHost: string }): string {
  return delivery.destinationId === null
    ? `host:${delivery.receiverHost}`
    : `destination:${delivery.destinationId}`
}
