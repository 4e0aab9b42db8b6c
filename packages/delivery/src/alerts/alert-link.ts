import type { AlertRule } from './alert-rule.ts'
import type { Measurement } from './measurement.ts'

/**
 * The page of the dashboard that shows the measured deliveries. The URL names both ends of the window, so that the page
 * shows the same deliveries later (`apps/dashboard/src/pages/deliveries/list-search.ts` reads the URL).
 * @param dashboardUrl without a trailing slash
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
