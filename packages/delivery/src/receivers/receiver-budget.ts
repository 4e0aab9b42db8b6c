/**
 * The budget of one receiver, shared by all workers: a rate, a number of concurrent requests that adapts to the
 * receiver, and a circuit breaker. A delivery that waits for its budget spends no attempt.
 *
 * This file has the limits, constants and results. The rules that change a budget's state are written once, in Lua
 * (`packages/infrastructure/src/budgets/budget-scripts.ts`), because all workers share the state in Redis.
 */

export interface BudgetLimits {
  /** The least time between two requests, in milliseconds; 0 for no rate limit. */
  intervalMs: number
  /** The most concurrent requests. */
  concurrency: number
  /** How many failures in a row open the breaker; 0: it never opens. */
  breakerFailures: number
}

export interface BudgetState {
  /** The learnt number of concurrent requests; at most the limit. */
  window: number
  /** Failures since the last response. */
  failures: number
  /** How often the breaker opened since the last response. */
  opens: number
  /** 0 while the breaker is closed. After this time, one request at a time tests whether the receiver is back. */
  openUntilMs: number
  /** 429 responses since the last other response. */
  throttles: number
  /** Until when the receiver asked for no requests. */
  blockedUntilMs: number
  /** When the rate allows the next request. */
  nextAtMs: number
  /** The time that was assigned to the last waiting request. */
  queueTailMs: number
  /** Moving mean of the duration of a request. */
  meanMs: number
}

export type BudgetWaitReason = 'breaker_open' | 'throttled' | 'concurrency_full' | 'rate_limited'

/** `everyMs`: the time between two requests that the receiver can take; 0 when unknown. */
export type Admission =
  | { kind: 'admitted' }
  | { kind: 'wait'; waitMs: number; because: BudgetWaitReason; everyMs: number }

/** What a request shows about its receiver. */
export type BudgetReport =
  /** No request was made. */
  | { kind: 'unused' }
  | ({ kind: 'answered'; durationMs: number } & FurtherUse)
  /** The receiver asked for no requests, for `retryAfterMs` where it gave a time. */
  | ({ kind: 'throttled'; retryAfterMs: number | null } & FurtherUse)
  | ({ kind: 'failed' } & FurtherUse)

/** What an attempt used of its receiver's rate beyond the one request that was admitted. */
interface FurtherUse {
  /** The number of its further requests; 0 unless given. */
  furtherRequests?: number
  /** How long other requests should wait, in milliseconds; 0 unless given. */
  pauseMs?: number
}

/** By how much a report delays the next request, in milliseconds. */
export function delayAfter(report: BudgetReport, { intervalMs }: Pick<BudgetLimits, 'intervalMs'>): number {
  if (report.kind === 'unused') return 0
  return (report.furtherRequests ?? 0) * intervalMs + (report.pauseMs ?? 0)
}

export const breakerOpenMinMs = 5_000
export const breakerOpenMaxMs = 300_000
export const throttleMinMs = 1_000
/** The longest pause that a receiver can ask for; after it, a request is sent. */
export const throttleMaxMs = 3_600_000
/** A slower response makes the window a quarter smaller, though not below `slowWindowMin`. */
export const slowResponseMs = 2_000
export const slowWindowMin = 4
/**
 * Concurrent requests to an unknown receiver: one that hangs must not occupy all slots of a worker. Each quick response
 * adds one, so the number doubles with each round of responses.
 */
export const initialWindow = 16
/** Waiting requests come back one after another, with at most and at least this time between two. */
export const spacingMaxMs = 5
export const spacingMinMs = 0.5
/**
 * How long a process waits before it asks a full receiver again: this many times the mean time until a request ends,
 * within bounds. It also asks when one of its own requests has ended.
 */
export const probeSpacing = 4
export const probeSpacingMinMs = 50
export const probeSpacingMaxMs = 500
/** A request that would wait longer comes back at a random time within this. */
export const waitMaxMs = 600_000
/** A request may be this late without delaying the following ones. */
export const rateToleranceMs = 20

/** The interval that allows at most `requests` within any `perSeconds`, including the tolerance; in milliseconds. */
export function intervalOf(requests: number, perSeconds: number): number {
  return (perSeconds * 1_000 + rateToleranceMs) / requests
}

/** How many requests may be in flight now: one while the breaker tests whether the receiver is back. */
export function concurrencyNow(state: BudgetState, limits: BudgetLimits): number {
  return state.openUntilMs > 0 ? 1 : Math.min(state.window, limits.concurrency)
}

export type BreakerState = 'closed' | 'open' | 'half_open'

export function breakerOf(state: Pick<BudgetState, 'openUntilMs'>, nowMs: number): BreakerState {
  if (state.openUntilMs === 0) return 'closed'
  return state.openUntilMs > nowMs ? 'open' : 'half_open'
}

/** What a receiver limits, for one site. */
export interface LimitedReceiver {
  siteId: number
  destinationId: string | null
  receiverHost: string
  /** Distinguishes the webhooks of a host that limits each on its own (`limitsEachWebhook`). */
  webhookKey: string | null
}

/**
 * The key of a receiver's budget. It begins with the site, because no site may slow another one down. Each saved
 * destination has its own budget. All other URLs of one host share one, or those of one webhook where the receiver
 * limits each webhook.
 */
export function budgetKeyOf({ siteId, destinationId, receiverHost, webhookKey }: LimitedReceiver): string {
  if (destinationId !== null) return `${siteId}:saved:${destinationId}`
  return `${siteId}:host:${receiverHost}${webhookKey === null ? '' : `#${webhookKey}`}`
}

/** The saved destination of a budget; null for that of ad-hoc URLs. */
export function destinationOfBudget(key: string): string | null {
  return /^\d+:saved:(.+)$/.exec(key)?.[1] ?? null
}

/** The host of the URLs that share a budget; empty for a saved destination's. */
export function hostOfBudget(key: string): string {
  return /^\d+:host:([^#]*)/.exec(key)?.[1] ?? ''
}

/** The site of a budget's key, as text. */
export function siteOfBudget(key: string): string {
  return key.slice(0, key.indexOf(':'))
}
