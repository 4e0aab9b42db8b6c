import type { Claim } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { Sealer } from '../../secrets/sealer.ts'
import { profileOf, type ProfileRow } from './claimed-profile.ts'
import { targetOf, type TargetRow } from './delivery-target.ts'

/** What the statement that claims answers of a delivery. */
export interface ClaimedRow extends TargetRow {
  id: string
  claim_id: string
  profile: ProfileRow | null
  webhook_type: WebhookType
  receiver_host: string
  destination_id: string | null
  sample: boolean
  include_journey: boolean
  include_events: boolean
  attempts: number
  interrupted: boolean
  series_start: number
  operation_id: string | null
  request_id: string | null
  due_for_ms: number
  superseded: boolean
  may_be_repeat: boolean
  payload: string | null
}

export type TimedRow = ClaimedRow & { ageMs: () => number }

export function claimOf(row: TimedRow, sealer: Sealer): Claim {
  return {
    ageMs: row.ageMs,
    claimId: row.claim_id,
    deliveryId: row.id,
    siteId: row.site_id,
    profile: row.profile && profileOf(row.profile),
    webhookType: row.webhook_type,
    target: targetOf(row, sealer),
    receiverHost: row.receiver_host,
    destinationId: row.destination_id,
    sample: row.sample,
    includeJourney: row.include_journey,
    includeEvents: row.include_events,
    attemptNumber: row.attempts + 1,
    seriesStart: row.series_start,
    operationId: row.operation_id,
    requestId: row.request_id,
    dueForMs: row.due_for_ms,
    superseded: row.superseded,
    payload: row.payload,
    interrupted: row.interrupted,
    mayBeRepeat: row.may_be_repeat,
  }
}
