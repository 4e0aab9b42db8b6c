import type { DeliveryState, Lane, RetryReason, WaitingDelivery } from '@ghostpost/delivery/deliver'
import type { DestinationState } from '@ghostpost/delivery/destinations'
import { laneOf } from '@ghostpost/delivery/deliver'
import { parseDurationsMs } from '../../config/parse-durations.ts'
import { heartbeatTimeoutMs } from '../upkeep/worker-heartbeat.ts'
import type { Database } from '../connection/open-database.ts'

interface WaitingRow {
  state: DeliveryState
  attempts: number
  series_start: number
  next_attempt_at: Date | null
  next_attempt_because: RetryReason | null
  sweep_at: Date | null
  retry_schedule: string | null
  claim_expires_at: Date | null
  destination_id: string | null
  receiver_host: string
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
  lane: Lane
  /** Over all series: with the id it names the due attempt in the queue. */
  attemptsTotal: number
}

const waitingSql = `
  select d.state, d.attempts, d.series_start, d.next_attempt_at, d.next_attempt_because, d.sweep_at,
    t.retry_schedule, d.claim_expires_at, d.destination_id, d.receiver_host,
    t.state as destination_state, t.state_reason as destination_reason, d.operation_id, o.state as operation_state,
    o.state_reason as operation_reason,
    (select count(*)::int from workers where seen_at > now() - ${heartbeatTimeoutMs} * interval '1 ms') as workers
  from deliveries d left join destinations t on t.id = d.destination_id left join operations o on o.id = d.operation_id
  where d.id = $1`

/** What the database knows of why a delivery waits; null when there is no such delivery. */
export async function findWaiting(
  { pool }: Pick<Database, 'pool'>,
  id: string,
  defaultScheduleMs: readonly number[],
): Promise<FoundWaiting | null> {
  const { rows } = await pool.query<WaitingRow>(waitingSql, [id])
  const row = rows[0]
  if (!row) return null
  return {
    state: row.state,
    attemptsMade: row.attempts - row.series_start,
    attemptsTotal: row.attempts,
    attemptsMax: (row.retry_schedule ? parseDurationsMs(row.retry_schedule) : defaultScheduleMs).length,
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
  }
}
