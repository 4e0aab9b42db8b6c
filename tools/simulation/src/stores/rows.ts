import type { AlertRule, AlertRuleState } from '@ghostpost/delivery/alerts'
import type { DeliveryState, DueDeliveryFacts } from '@ghostpost/delivery/deliver'
import type { DestinationState } from '@ghostpost/delivery/destinations'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { FeedingOperation, OperationKind } from '@ghostpost/delivery/operations'

/** The rows of the database, with the columns that the use cases need. Times are in milliseconds of virtual time. */

export interface DeliveryRow extends DueDeliveryFacts {
  ghostVid: string
  /** Null for a saved destination and after erasure. */
  url: string | null
  state: DeliveryState
  claimId: string | null
  claimExpiresAtMs: number | null
  nextAttemptAtMs: number | null
  sweepAtMs: number | null
  finishedAtMs: number | null
  deliveredAtMs: number | null
  lastCause: string | null
  createdAtMs: number
  isErased: boolean
  alertRuleId: string | null
}

export interface AttemptLine {
  deliveryId: string
  number: number
  outcome: string
  decision: string
  outcomeUnknown: boolean
  cause: string | null
  status: number | null
  atMs: number
  /** What the receiver sent; null after erasure. */
  responseBody: string | null
}

export interface PayloadRow {
  deliveryId: string
  body: string
  builtAtMs: number
}

export interface VisitorRow {
  siteId: number
  ghostVid: string
  /** Grows with each visit. */
  score: number
}

export interface DestinationRow {
  id: string
  siteId: number
  webhookType: WebhookType
  url: string
  receiverHost: string
  state: DestinationState
}

export interface KeyRow {
  requestDigest: string
  deliveryId: string
  /** The stored response. */
  status: number | null
}

export interface OperationRow extends Omit<FeedingOperation, 'state' | 'creditMs'> {
  id: string
  siteId: number
  kind: OperationKind
  state: 'planned' | 'running' | 'paused' | 'completed' | 'cancelled'
  watermarkMs: number
  fedAtMs: number | null
  pacedAtMs: number
  finishedAtMs: number | null
  /** Which of the site's deliveries, or its visitors. */
  select: 'failed' | 'finished' | 'visitors'
  destinationId: string | null
}

export type ItemOutcome = 'waiting' | 'delivered' | 'failed' | 'skipped' | 'cancelled'

export interface ItemRow {
  operationId: string
  number: number
  deliveryId: string | null
  sourceId: string | null
  ghostVid: string
  outcome: ItemOutcome
  reason: string | null
}

export interface AlertRuleRow {
  rule: AlertRule
  ruleState: AlertRuleState
  cooldownMs: number
  destinationId: string
  evaluateAtMs: number
}

export interface AlertRow {
  id: string
  ruleId: string
  phase: string
  atMs: number
  deliveryId: string | null
}
