import type { HttpResponse } from '../../deliver/outcome.ts'

/** As many requests as may be in flight when HubSpot reports that few remain. */
const remainingMin = 3
const intervalMaxMs = 10_000

/**
 * How long to pause when the account's rolling limit is nearly used up, by us or by its other apps: half of the
 * window. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */
export function hubspotPause({ headers }: HttpResponse): number {
  const remaining = Number.parseInt(headers['x-hubspot-ratelimit-remaining'] ?? '', 10)
  const intervalMs = Number.parseInt(headers['x-hubspot-ratelimit-interval-milliseconds'] ?? '', 10)
  if (!(remaining <= remainingMin) || !(intervalMs > 0)) return 0
  return Math.min(intervalMs, intervalMaxMs) / 2
}
