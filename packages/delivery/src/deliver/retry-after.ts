const secondMs = 1_000

/** The longest wait that a receiver may ask for: 24 h. */
export const retryAfterMaxMs = 86_400 * secondMs

/** RFC 9110 §5.6.7, all three forms. `Date.parse` alone accepts almost any text with a number in it. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? [\w :-]{1,40}$/

/**
 * Parses a Retry-After value (RFC 9110 §10.2.3: delta-seconds or HTTP-date). Accepts decimals, because some receivers
 * send them. Returns milliseconds from 0 (also for a date in the past) to 24 h, and null for an invalid value.
 */
export function parseRetryAfterMs(value: string | undefined, now: Date): number | null {
  const text = value?.trim()
  if (!text) return null
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Math.ceil(Number(text) * secondMs))
  if (!httpDate.test(text)) return null
  // The oldest of the three forms has no time zone; all three are in GMT.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : clamp(at - now.getTime())
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), retryAfterMaxMs)
}
