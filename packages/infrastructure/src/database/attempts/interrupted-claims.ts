import type { InterruptedClaim } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { claimIdsOf } from './claim-ids.ts'
import { parseOwnSchedule } from './delivery-target.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'

/**
 * Expired claims: their workers neither recorded nor released them. Reading one changes nothing. The record of the
 * interrupted attempt names the claim, so that of several records and the owner's own one only the first is written.
 */

const interruptedColumns = `${dueDeliveryColumns('d')},
    d.claim_id,
    d.request_id,
    t.retry_schedule,
    greatest(extract(epoch from now() - d.next_attempt_at) * 1000, 0)::float as due_for_ms,
    d.attempts > d.series_start
      and exists (
        select from attempts a
        where a.delivery_id = d.id
          and a.number = d.attempts
          and a.outcome = 'interrupted'
      ) as interrupted_before`

interface InterruptedRow extends DueDeliveryRow {
  claim_id: string
  request_id: string | null
  retry_schedule: string | null
  due_for_ms: number
  interrupted_before: boolean
}

const readSql = `
  select
    ${interruptedColumns}
  from deliveries d
  left join destinations t on t.id = d.destination_id
  where d.id = any($1)
    and d.state = 'delivering'
    and d.claim_expires_at <= now()
    and d.claim_id is not null`

/** Reads those of the deliveries' claims that have expired. */
export async function readInterruptedClaims(
  { pool }: Pick<Database, 'pool'>,
  deliveryIds: readonly string[],
): Promise<InterruptedClaim[]> {
  const { rows } = await pool.query<InterruptedRow>(readSql, [deliveryIds])
  return rows.map(interruptedClaimOf)
}

/** Claims that expired are included: another worker may have read them and died before it recorded them. */
const expireSql = `
  with owned as (
    select id
    from deliveries
    where sweep_at is not null
      and state = 'delivering'
      and claim_id between $1 and $2
    limit $3
    for update skip locked
  ), expired as (
    update deliveries d
    set
      claim_expires_at = least(claim_expires_at, now()),
      sweep_at = least(sweep_at, now())
    from owned
    where d.id = owned.id
    returning d.*
  )
  select
    ${interruptedColumns}
  from expired d
  left join destinations t on t.id = d.destination_id`

/**
 * Makes claims of a dead worker expire now.
 * @param limit the most claims
 * @returns them, for their attempts to be recorded as interrupted
 */
export async function expireClaims(
  { pool }: Pick<Database, 'pool'>,
  workerId: string,
  limit: number,
): Promise<InterruptedClaim[]> {
  const { lowest, highest } = claimIdsOf(workerId)
  const { rows } = await pool.query<InterruptedRow>(expireSql, [lowest, highest, limit])
  return rows.map(interruptedClaimOf)
}

function interruptedClaimOf(row: InterruptedRow): InterruptedClaim {
  const { deliveryId, siteId, webhookType, receiverHost, destinationId, operationId, budget } =
    dueDeliveryOfRow(row)
  return {
    claimId: row.claim_id,
    deliveryId,
    siteId,
    webhookType,
    receiverHost,
    destinationId,
    attemptNumber: row.attempts + 1,
    seriesStart: row.series_start,
    operationId,
    requestId: row.request_id,
    dueForMs: row.due_for_ms,
    retryScheduleMs: parseOwnSchedule(row.retry_schedule),
    budget,
    interruptedBefore: row.interrupted_before,
  }
}
