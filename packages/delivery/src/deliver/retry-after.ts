const secondMs = 1_000

/** The longest wait that a receiver may ask for: 24 h. */
export const retryAfterMaxMs = 86_400 * secondMs

/** RFC 9110 §5.6.7, all three forms. `Date.parse` alone accepts almost any text with a number in it. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? [\w :-]{1,40}$/

/** A comma separates the values of a repeated header, and also follows the day of an HTTP-date. */
const valueSeparator = /(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}),/

/**
 * Parses a Retry-After value (RFC 9110 §10.2.3: delta-seconds or HTTP-date). Accepts decimals, because some receivers
 * send them. Returns milliseconds from 0 (also for a date in the past) to 24 h, and null for an invalid value. Of
 * several values, as when a proxy adds its own, it takes the longest wait.
 */
export function parseRetryAfterMs(value: string | undefined, now: Date): number | null {
  const waits = (value ?? '').split(valueSeparator).map((one) => parseOne(one.trim(), now))
  return waits.reduce((longest, one) => (one === null ? longest : Math.max(longest ?? 0, one)), null)
}

function parseOne(text: string, now: Date): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Math.ceil(Number(text) * secondMs))
  if (!httpDate.test(text)) return null
  // The oldest of the three forms has no time zone; all three are in GMT.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : clamp(at - now.getTime())
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), retryAfterMaxMs)
}
