import type { AlertRule, Backlog, Measurement } from '@ghostpost/delivery/alerts'

export const now = new Date('2026-11-26T10:15:00.000Z')
export const window = { from: new Date('2026-11-26T10:00:00.000Z'), to: now }

/** A rule on the failure rate with these changes. */
export function alertRule(changes: Partial<AlertRule> = {}): AlertRule {
  return {
    id: '0193aaaa-0000-7000-8000-000000000001',
    name: 'Too many fail',
    siteId: 4,
    siteName: 'Demo shop',
    kind: 'failure_rate',
    threshold: 20,
    windowSeconds: 900,
    minimumCount: 20,
    webhookType: null,
    watchedDestinationId: null,
    ...changes,
  }
}

export function failureRate(failing: number, tried: number): Measurement {
  return { kind: 'failure_rate', window, tried, failing, capped: false }
}

export function backlog(
  due: number,
  at = now,
  changes: Partial<Backlog> = {},
): Backlog & { kind: 'not_draining' } {
  const from = new Date(at.getTime() - 900_000)
  return {
    kind: 'not_draining',
    window: { from, to: at },
    due,
    oldestSeconds: null,
    capped: false,
    ...changes,
  }
}
