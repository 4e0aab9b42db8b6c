import type { WebhookType } from '../destinations/registry.ts'

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

/** The longest wait that a receiver may ask for. */
export const retryAfterMaxMs = 24 * hour

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

/** RFC 9110 §5.6.7, all three forms. `Date.parse` alone accepts almost any text with a number in it. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? [\w :-]{1,40}$/

/**
 * Parses a Retry-After value (RFC 9110 §10.2.3: delta-seconds or HTTP-date). Accepts decimals, because some receivers
 * send them. Returns milliseconds from 0 (also for a date in the past) to 24 h, and null for an invalid value.
 */
export function parseRetryAfterMs(value: string | undefined, now: Date): number | null {
  const text = value?.trim()
  if (!text) return null
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Math.ceil(Number(text) * second))
  if (!httpDate.test(text)) return null
  // The oldest of the three forms has no time zone; all three are in GMT.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : clamp(at - now.getTime())
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), retryAfterMaxMs)
}
