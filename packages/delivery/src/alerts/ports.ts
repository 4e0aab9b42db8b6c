import type { DueDelivery } from '../deliver/due-delivery.ts'
import type { WebhookType } from '../destinations/registry.ts'
import type { AlertEmail } from './alert-email.ts'
import type { AlertPhase, AlertRule } from './alert-rule.ts'
import type { AlertRuleState } from './decide-alert.ts'
import type { AlertCause, BacklogSample, Measurement } from './measurement.ts'

/** What the use cases of alerts need from the database. Each use case runs in one transaction. */

/** A rule with its state after the last evaluation. */
export interface WatchedRule {
  rule: AlertRule
  ruleState: AlertRuleState
  samples: readonly BacklogSample[]
  cooldownMs: number
  /** The database's time. */
  now: Date
}

/** The destination that a rule notifies. */
export interface AlertTarget {
  destinationId: string
  siteId: number
  webhookType: WebhookType
  receiverHost: string
}

/** An alert to be stored: as a delivery, as an e-mail, or both. */
export interface NewAlert {
  phase: AlertPhase
  /** Stored for each rule. It is sent when the rule has e-mail addresses. */
  email: AlertEmail
  /** Null without a destination. */
  delivery: { target: AlertTarget; payload: string } | null
}

/** A stored alert. */
export interface SavedAlert {
  alertId: string
  /** The delivery, which is due now; null without a destination. */
  delivery: DueDelivery | null
  /** How many e-mail addresses the alert is sent to. */
  emails: number
}

export interface AlertPorts {
  /** Bounded in rows. */
  measure: (rule: AlertRule, now: Date) => Promise<Measurement>
  /** The most frequent causes first. */
  readCauses: (rule: AlertRule, measured: Measurement, now: Date) => Promise<readonly AlertCause[]>
  /** Keeps the destination until the transaction ends; null when the rule has none. */
  lockTarget: () => Promise<AlertTarget | null>
  saveAlert: (alert: NewAlert) => Promise<SavedAlert>
}

/** What an evaluation leaves for the next one. */
export interface EvaluatedState {
  ruleState: AlertRuleState
  value: number | null
  samples: readonly BacklogSample[]
}

export interface EvaluationPorts extends AlertPorts {
  saveState: (evaluated: EvaluatedState) => Promise<void>
}
