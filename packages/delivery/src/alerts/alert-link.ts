import type { AlertRule } from './alert-rule.ts'
import type { Measurement } from './measurement.ts'

/**
 * Where the dashboard shows what was measured, for good: the window's ends stand in the address
 * (`apps/dashboard/src/pages/deliveries/list-search.ts` reads it).
 * @param dashboardUrl without a slash at its end
 */
export function alertLink(dashboardUrl: string, rule: AlertRule, measured: Measurement): string {
  const site = String(rule.siteId)
  if (measured.kind === 'destination_disabled') {
    const [only, ...others] = measured.destinations
    const page = only && others.length === 0 ? `/${encodeURIComponent(only.id)}` : ''
    return urlOf(dashboardUrl, `/destinations${page}`, { site })
  }
  return urlOf(dashboardUrl, '/deliveries', {
    site,
    status: statusFilters[measured.kind],
    from: measured.window.from.toISOString(),
    to: measured.window.to.toISOString(),
    ...(rule.webhookType !== null && { webhook_type: rule.webhookType }),
    ...(rule.watchedDestinationId !== null && { destination_id: rule.watchedDestinationId }),
  })
}

const statusFilters = {
  failure_rate: 'failed,retrying',
  dead_letters: 'failed',
  queue_age: 'queued,retrying',
  not_draining: 'queued,retrying',
} as const

function urlOf(base: string, path: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${base}${path}?${pairs.join('&')}`
}
