import type { HttpResponse } from '../../deliver/outcome.ts'

/** The share of the daily requests that is left to the organisation's other uses. */
const usedMax = 0.95
const pauseMs = 60_000

/**
 * How long to pause when the organisation's requests in 24 hours are nearly used up. Each response counts them:
 * `Sforce-Limit-Info: api-usage=18/5000`.
 */
export function salesforcePause({ headers }: HttpResponse): number {
  const [, used, limit] = /api-usage=(\d{1,12})\/(\d{1,12})/.exec(headers['sforce-limit-info'] ?? '') ?? []
  if (used === undefined || Number(limit) === 0) return 0
  return Number(used) >= Number(limit) * usedMax ? pauseMs : 0
}
