import type { DeliveryState, WebhookType } from '@ghostpost/delivery'
import type { Database } from './open-database.ts'

/** What is asked of a delivery by hand: send it again, make a new one from it, or stop trying. */

export interface Replayed {
  deliveryId: string
  attemptsMade: number
  destinationId: string | null
  receiverHost: string
}

interface ReplayedRow {
  id: string
  attempts: number
  destination_id: string | null
  receiver_host: string
}

const due = `state = 'queued', series_start = attempts, next_attempt_at = now(), finished_at = null, delivered_at = null`

// The stored bytes go again under the same id: a new series of attempts of the same delivery.
const resendSql = `
  update deliveries d
  set ${due}, sweep_at = now() + $2 * interval '1 ms', operation_id = null
  where id = $1 and state in ('delivered', 'failed', 'cancelled') and exists (select from payloads p where p.delivery_id = d.id)
  returning id, attempts, destination_id, receiver_host`

/** Makes a finished delivery due again; null when it is not finished, or its bytes are no longer stored. */
export async function resendDelivery(
  { pool }: Pick<Database, 'pool'>,
  id: string,
  sweepAfterMs: number,
): Promise<Replayed | null> {
  const { rows } = await pool.query<ReplayedRow>(resendSql, [id, sweepAfterMs])
  return replayedOf(rows[0])
}

const cancelSql = `
  with cancelled as (
    update deliveries set state = 'cancelled', next_attempt_at = null, sweep_at = null, finished_at = now()
    where id = $1 and state in ('queued', 'retrying') returning id, operation_id
  ), counted as (
    update operation_items i set outcome = 'cancelled' from cancelled c
    where i.delivery_id = c.id and i.operation_id = c.operation_id and i.outcome = 'waiting'
  )
  select id from cancelled`

/** Stops trying; false when there is nothing to stop: it is finished, or being delivered right now. */
export async function cancelDelivery({ pool }: Pick<Database, 'pool'>, id: string): Promise<boolean> {
  return (await pool.query(cancelSql, [id])).rowCount === 1
}

// A new delivery for the same visitor and receiver; the payload is built when it is attempted, unless one is given.
const copySql = `
  with source as (select * from deliveries where id = $2),
  made as (
    insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host, destination_id,
      sample, include_journey, include_events, requested_by, sweep_at, made_from)
    select $1, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host, destination_id,
      sample, include_journey, include_events, $3, now() + $4 * interval '1 ms', id from source
    returning id, attempts, destination_id, receiver_host
  ), edited as (insert into payloads (delivery_id, body) select id, $5 from made where $5::text is not null)
  select * from made`

export interface CopyWish {
  newId: string
  sourceId: string
  requestedBy: string
  sweepAfterMs: number
  /** The body to send instead of a fresh build. */
  payload: string | null
}

/** Makes a new delivery from another one; null when that is gone. */
export async function copyDelivery(
  { pool }: Pick<Database, 'pool'>,
  { newId, sourceId, requestedBy, sweepAfterMs, payload }: CopyWish,
): Promise<Replayed | null> {
  const { rows } = await pool.query<ReplayedRow>(copySql, [
    newId,
    sourceId,
    requestedBy,
    sweepAfterMs,
    payload,
  ])
  return replayedOf(rows[0])
}

function replayedOf(row: ReplayedRow | undefined): Replayed | null {
  return row
    ? {
        deliveryId: row.id,
        attemptsMade: row.attempts,
        destinationId: row.destination_id,
        receiverHost: row.receiver_host,
      }
    : null
}

export interface ReplayableDelivery {
  id: string
  siteId: number
  state: DeliveryState
  webhookType: WebhookType
  hasPayload: boolean
}

/** What has to be known of a delivery before it is sent again, if it belongs to a site the user may reach. */
export async function findReplayable(
  { pool }: Pick<Database, 'pool'>,
  userId: string,
  id: string,
): Promise<ReplayableDelivery | null> {
  const { rows } = await pool.query<{
    id: string
    site_id: number
    state: DeliveryState
    webhook_type: WebhookType
    has_payload: boolean
  }>(
    `select d.id, d.site_id, d.state, d.webhook_type, exists (select from payloads p where p.delivery_id = d.id) as has_payload
     from deliveries d join memberships m on m.site_id = d.site_id and m.user_id = $2 where d.id = $1`,
    [id, userId],
  )
  const row = rows[0]
  return row
    ? {
        id: row.id,
        siteId: row.site_id,
        state: row.state,
        webhookType: row.webhook_type,
        hasPayload: row.has_payload,
      }
    : null
}
