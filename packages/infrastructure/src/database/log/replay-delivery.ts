import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { DestinationState, WebhookType } from '@ghostpost/delivery/destinations'
import type { AuditAction } from '@ghostpost/delivery/contract/audit'
import type { PoolClient } from 'pg'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'

/** What is asked of a delivery by hand: send it again, make a new one from it, or stop trying. */

export interface ReplayedDelivery {
  deliveryId: string
  siteId: number
  webhookType: WebhookType
  attemptsMade: number
  destinationId: string | null
  receiverHost: string
}

interface ReplayedRow {
  id: string
  site_id: number
  webhook_type: WebhookType
  attempts: number
  destination_id: string | null
  receiver_host: string
}

/** Some thing one may do to a delivery: the statement it is, and what is written down of it. */
interface ManualAction {
  action: AuditAction
  sql: string
  values: readonly unknown[]
}

// The stored bytes go again under the same id: a new series of attempts of the same delivery.
const resendSql = `
  update deliveries d
  set state = 'queued', series_start = attempts, next_attempt_at = now(), finished_at = null, delivered_at = null,
    sweep_at = now() + $2 * interval '1 ms', operation_id = null, request_id = $3
  where id = $1 and state in ('delivered', 'failed', 'cancelled') and erased_at is null
    and exists (select from payloads p where p.delivery_id = d.id)
  returning id, site_id, webhook_type, attempts, destination_id, receiver_host`

/** Makes a finished delivery due again; null when it is not finished, or its bytes are no longer stored. */
export function resendDelivery(
  database: Pick<Database, 'pool'>,
  id: string,
  sweepAfterMs: number,
  actor: Actor,
): Promise<ReplayedDelivery | null> {
  const values = [id, sweepAfterMs, actor.requestId]
  return perform(database, { action: 'delivery.resent', sql: resendSql, values }, actor)
}

const cancelSql = `
  with cancelled as (
    update deliveries set state = 'cancelled', next_attempt_at = null, sweep_at = null, finished_at = now()
    where id = $1 and state in ('queued', 'retrying')
    returning id, site_id, webhook_type, attempts, destination_id, receiver_host, operation_id
  ), counted as (
    update operation_items i set outcome = 'cancelled', reason = 'by_hand' from cancelled c
    where i.delivery_id = c.id and i.operation_id = c.operation_id and i.outcome = 'waiting'
  )
  select
    id,
    site_id,
    webhook_type,
    attempts,
    destination_id,
    receiver_host
  from cancelled`

/** Stops trying; null when there is nothing to stop: it is finished, or being delivered right now. */
export function cancelDelivery(
  database: Pick<Database, 'pool'>,
  id: string,
  actor: Actor,
): Promise<ReplayedDelivery | null> {
  return perform(database, { action: 'delivery.cancelled', sql: cancelSql, values: [id] }, actor)
}

// A new delivery for the same visitor and receiver; the payload is built when it is attempted, unless one is given.
const copySql = `
  with source as (select * from deliveries where id = $2 and erased_at is null),
  made as (
    insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_url_sealed,
      receiver_scheme, receiver_host, destination_id, sample, include_journey, include_events, requested_by, sweep_at, request_id, made_from)
    select $1, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_url_sealed,
      receiver_scheme, receiver_host, destination_id, sample, include_journey, include_events, $3, now() + $4 * interval '1 ms', $6, id from source
    returning id, site_id, webhook_type, attempts, destination_id, receiver_host
  ), edited as (insert into payloads (delivery_id, body) select id, $5 from made where $5::text is not null)
  select * from made`

export interface CopyInput {
  newId: string
  sourceId: string
  sweepAfterMs: number
  /** The body to send instead of a fresh build. */
  payload: string | null
}

/** Makes a new delivery from another one; null when that is gone. */
export function copyDelivery(
  database: Pick<Database, 'pool'>,
  { newId, sourceId, sweepAfterMs, payload }: CopyInput,
  actor: Actor,
): Promise<ReplayedDelivery | null> {
  const action = payload === null ? 'delivery.re_exported' : 'delivery.edited'
  const values = [newId, sourceId, actor.userId, sweepAfterMs, payload, actor.requestId]
  return perform(database, { action, sql: copySql, values }, actor)
}

async function perform(
  database: Pick<Database, 'pool'>,
  { action, sql, values }: ManualAction,
  actor: Actor,
): Promise<ReplayedDelivery | null> {
  return inTransaction(database, async (client: PoolClient) => {
    const { rows } = await client.query<ReplayedRow>(sql, [...values])
    const row = rows[0]
    if (!row) return null
    await writeAudit(client, actor, {
      action,
      siteId: row.site_id,
      objectType: 'delivery',
      objectId: row.id,
    })
    return replayedOf(row)
  })
}

function replayedOf(row: ReplayedRow): ReplayedDelivery {
  return {
    deliveryId: row.id,
    siteId: row.site_id,
    webhookType: row.webhook_type,
    attemptsMade: row.attempts,
    destinationId: row.destination_id,
    receiverHost: row.receiver_host,
  }
}

/** What decides whether a delivery can be sent again. */
export interface ReplayableDelivery {
  state: DeliveryState
  hasPayload: boolean
  hasVisitor: boolean
  /** Where it would go: `none` when its saved destination is gone. */
  target: DestinationState | 'none'
}

interface ReplayableRow {
  state: DeliveryState
  has_payload: boolean
  has_visitor: boolean
  target: DestinationState | 'none'
}

const replayableSql = `
  select d.state, exists (select from payloads p where p.delivery_id = d.id) and d.erased_at is null as has_payload,
    d.sample or exists (select from visitors v where v.id = d.visitor_id) as has_visitor,
    case when t.id is not null then t.state when coalesce(d.receiver_url, d.receiver_url_sealed::text) is not null then 'enabled'
      else 'none' end as target
  from deliveries d left join destinations t on t.id = d.destination_id where d.id = $1`

/** Null when there is no such delivery; the caller has checked that the user may see it. */
export async function findReplayable(
  { pool }: Pick<Database, 'pool'>,
  id: string,
): Promise<ReplayableDelivery | null> {
  const { rows } = await pool.query<ReplayableRow>(replayableSql, [id])
  const row = rows[0]
  return row
    ? { state: row.state, hasPayload: row.has_payload, hasVisitor: row.has_visitor, target: row.target }
    : null
}
