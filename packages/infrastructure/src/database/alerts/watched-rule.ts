import type { AlertKind, AlertRuleState, BacklogSample, WatchedRule } from '@ghostpost/delivery/alerts'
import type { WebhookType } from '@ghostpost/delivery/destinations'

/** A row of `alert_rules` with the name of its site, and the database's time. */
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

/** Columns and tables of an `AlertRuleRow`. All workers agree on the database's `now`. */
export const selectAlertRules = `
  select
    r.id,
    r.site_id,
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
    s.name as site_name,
    date_trunc('milliseconds', now()) as now
  from alert_rules r
  join sites s on s.id = r.site_id`

export function watchedRuleOf(row: AlertRuleRow): WatchedRule {
  return {
    rule: {
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
    },
    ruleState: {
      state: row.state,
      notified: row.told,
      notifiedAt: row.told_at,
      notifiedSubjects: row.told_of,
    },
    samples: row.samples,
    cooldownMs: row.cooldown_seconds * 1_000,
    now: row.now,
  }
}
