import type { DeliveryState, Lane, RetryReason, WaitingDelivery } from '@ghostpost/delivery/deliver'
import type { DestinationState, WebhookType } from '@ghostpost/delivery/destinations'
import { laneOf, scheduleFor } from '@ghostpost/delivery/deliver'
import { parseOwnSchedule } from '../attempts/delivery-target.ts'
import { heartbeatTimeoutMs } from '../upkeep/worker-heartbeat.ts'
import type { Database } from '../connection/open-database.ts'

interface WaitingRow {
  state: DeliveryState
  webhook_type: WebhookType
  attempts: number
  series_start: number
  next_attempt_at: Date | null
  next_attempt_because: RetryReason | null
  sweep_at: Date | null
  retry_schedule: string | null
  claim_expires_at: Date | null
  destination_id: string | null
  receiver_host: string
  webhook_key: string | null
  site_id: number
  destination_state: DestinationState | null
  destination_reason: string | null
  operation_id: string | null
  operation_state: string | null
  operation_reason: string | null
  workers: number
}

export interface FoundWaiting extends WaitingDelivery {
  destinationId: string | null
  receiverHost: string
  webhookKey: string | null
  siteId: number
  lane: Lane
  /** Over all series. The delivery's id and this number name the due attempt in the queue. */
  attemptsTotal: number
}

const waitingSql = `
  select
    d.state,
    d.webhook_type,
    d.attempts,
    d.series_start,
    d.next_attempt_at,
    d.next_attempt_because,
    d.sweep_at,
    t.retry_schedule,
    d.claim_expires_at,
    d.destination_id,
    d.receiver_host,
    d.webhook_key,
    d.site_id,
    t.state as destination_state,
    t.state_reason as destination_reason,
    d.operation_id,
    o.state as operation_state,
    o.state_reason as operation_reason,
    (
      select count(*)::int
      from workers
      where seen_at > now() - ${heartbeatTimeoutMs} * interval '1 ms'
    ) as workers
  from deliveries d
  left join destinations t on t.id = d.destination_id
  left join operations o on o.id = d.operation_id
  where d.id = $1`

/** Reads the stored facts about why a delivery waits; null when there is no such delivery. */
export async function findWaiting(
  { pool }: Pick<Database, 'pool'>,
  id: string,
  installationScheduleMs: readonly number[],
): Promise<FoundWaiting | null> {
  const { rows } = await pool.query<WaitingRow>(waitingSql, [id])
  const row = rows[0]
  if (!row) return null
  const ownScheduleMs = parseOwnSchedule(row.retry_schedule)
  const schedule = scheduleFor({ webhookType: row.webhook_type, ownScheduleMs }, installationScheduleMs)
  return {
    state: row.state,
    attemptsMade: row.attempts - row.series_start,
    attemptsTotal: row.attempts,
    attemptsMax: schedule.length,
    nextAttemptAt: row.next_attempt_at,
    nextAttemptBecause: row.state === 'retrying' ? row.next_attempt_because : null,
    sweepAt: row.sweep_at,
    claimExpiresAt: row.claim_expires_at,
    destination: row.destination_state && { state: row.destination_state, reason: row.destination_reason },
    operation:
      row.operation_state === null ? null : { state: row.operation_state, reason: row.operation_reason },
    workers: row.workers,
    lane: laneOf(row.attempts - row.series_start, row.operation_id),
    destinationId: row.destination_id,
    receiverHost: row.receiver_host,
    webhookKey: row.webhook_key,
    siteId: row.site_id,
  }
}
