import type { AlertKind, AlertRule, AlertRuleState, BacklogSample } from '@ghostpost/delivery/alerts'
import type { WebhookType } from '@ghostpost/delivery/destinations'

/** A row of `alert_rules` with its site's name, and what is needed to tell of it. */
export interface AlertRuleRow {
  id: string
  site_id: number
  site_name: string
  name: string
  kind: AlertKind
  threshold: number | null
  window_seconds: number | null
  minimum_count: number | null
  webhook_type: WebhookType | null
  watched_destination_id: string | null
  destination_id: string | null
  email_to: string[]
  cooldown_seconds: number
  state: AlertRuleState['state']
  told: boolean
  told_at: Date | null
  told_of: string[]
  samples: BacklogSample[]
  created_by: string
  now: Date
}

/** Of `alert_rules r join sites s`; `now` is the database's, which all workers agree on. */
export const alertRuleColumns = `
  r.id,
  r.site_id,
  s.name as site_name,
  r.name,
  r.kind,
  r.threshold,
  r.window_seconds,
  r.minimum_count,
  r.webhook_type,
  r.watched_destination_id,
  r.destination_id,
  r.email_to,
  r.cooldown_seconds,
  r.state,
  r.told,
  r.told_at,
  r.told_of,
  r.samples,
  r.created_by,
  date_trunc('milliseconds', now()) as now`

export function ruleOf(row: AlertRuleRow): AlertRule {
  return {
    id: row.id,
    name: row.name,
    siteId: row.site_id,
    siteName: row.site_name,
    kind: row.kind,
    threshold: row.threshold,
    windowSeconds: row.window_seconds,
    minimumCount: row.minimum_count,
    webhookType: row.webhook_type,
    watchedDestinationId: row.watched_destination_id,
  }
}

export function ruleStateOf({ state, told, told_at, told_of }: AlertRuleRow): AlertRuleState {
  return { state, notified: told, notifiedAt: told_at, notifiedSubjects: told_of }
}
