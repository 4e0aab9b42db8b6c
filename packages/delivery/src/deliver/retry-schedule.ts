import type { WebhookType } from '../destinations/registry.ts'
import type { ClaimedDelivery, NextStep } from './ports.ts'
import { retryAfterMaxMs } from './retry-after.ts'
import type { Verdict } from './verdict.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/**
 * Standard Webhooks' suggested schedule: the wait before attempt 1, 2, 3 …
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const defaultRetryScheduleMs: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/** What decides which retry schedule a delivery has. */
export interface ScheduledDelivery {
  webhookType: WebhookType
  /** The saved destination's schedule; null where it has none. */
  ownScheduleMs: readonly number[] | null
}

/**
 * The retry schedule of a delivery: the saved destination's own, else the installation's. Attempts, log, explanation
 * and API all call this; a default per destination type would be added here alone.
 * @returns the wait before attempt 1, 2, 3 …, in milliseconds; its length limits the attempts of one series
 */
export function scheduleFor(
  { ownScheduleMs }: ScheduledDelivery,
  installationScheduleMs: readonly number[],
): readonly number[] {
  return ownScheduleMs ?? installationScheduleMs
}

const jitter = 0.2

/**
 * The wait before the next attempt, in milliseconds; null when the schedule has no further attempt.
 * @param attemptsMade in the current series, at least 1
 * @param retryAfterMs the wait that the receiver asked for; the result is never shorter, up to 24 h
 * @param random in [0, 1)
 */
export function nextDelayMs(
  scheduleMs: readonly number[],
  attemptsMade: number,
  retryAfterMs: number | null,
  random: number,
): number | null {
  const baseMs = scheduleMs[attemptsMade]
  if (baseMs === undefined) return null
  const jitteredMs = Math.round(baseMs * (1 - jitter + 2 * jitter * random))
  const requestedMs = Math.min(retryAfterMs ?? 0, retryAfterMaxMs)
  return Math.max(jitteredMs, requestedMs)
}

interface Schedule {
  /** The installation's schedule, in milliseconds. */
  installationMs: readonly number[]
  /** In [0, 1). */
  random: number
}

/** Causes by which nothing failed and nothing was sent. The ledger of an operation counts them as skipped. */
export const skippedCauses: ReadonlySet<string> = new Set(['superseded', 'unchanged'])

/** What an attempt's verdict means for its delivery: its new state, and when the next attempt is due. */
export function nextStep(
  { webhookType, retryScheduleMs: ownScheduleMs, attemptNumber, seriesStart }: ClaimedDelivery,
  verdict: Verdict,
  { installationMs, random }: Schedule,
): NextStep {
  if (verdict.decision === 'delivered') return { state: 'delivered' }
  if (verdict.decision === 'give_up')
    return { state: verdict.isSkip || skippedCauses.has(verdict.failure.cause) ? 'cancelled' : 'failed' }
  const scheduleMs = scheduleFor({ webhookType, ownScheduleMs }, installationMs)
  const delayMs = nextDelayMs(scheduleMs, attemptNumber - seriesStart, verdict.retryAfterMs, random)
  if (delayMs === null) return { state: 'failed' }
  return {
    state: 'retrying',
    delayMs,
    because: delayMs === verdict.retryAfterMs ? 'receiver_asked' : 'schedule',
  }
}
