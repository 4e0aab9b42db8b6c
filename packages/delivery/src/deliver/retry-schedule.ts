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

/** The longest wait a receiver may ask for. */
export const retryAfterMaxMs = 24 * hour

const jitter = 0.2

/**
 * The wait before the next attempt, or null when the schedule is used up.
 * @param attemptsMade how many attempts were made, at least 1
 * @param retryAfterMs what the receiver asked for; we never come back earlier than that
 * @param random a number in [0, 1)
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

/** RFC 9110 §5.6.7, all three forms; `Date.parse` alone makes a date of almost anything with a number in it. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? [\w :-]{1,40}$/

/**
 * Reads a Retry-After value (RFC 9110 §10.2.3: delta-seconds or HTTP-date); decimals are accepted as some receivers
 * send them. A date in the past is 0, garbage is null, and nothing is longer than 24 h.
 */
export function parseRetryAfterMs(value: string | undefined, now: Date): number | null {
  const text = value?.trim()
  if (!text) return null
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Math.ceil(Number(text) * second))
  if (!httpDate.test(text)) return null
  // The oldest of the three forms names no zone; all of them are in GMT.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : clamp(at - now.getTime())
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), retryAfterMaxMs)
}
