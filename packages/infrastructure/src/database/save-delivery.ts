import type { IdempotencyClaim, NewDelivery, SaveDelivery, Saved } from '@ghostpost/delivery'
import { storedReceiverUrl } from '../secrets/receiver-url.ts'
import type { Sealer } from '../secrets/sealer.ts'
import type { Caller } from './audit-log.ts'
import type { Database } from './open-database.ts'

/** How long the same idempotency key means the same request. */
export const idempotencyHours = 24

const columns = `(id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
    include_journey, include_events, requested_by, sweep_at, destination_id, sample, receiver_url_sealed, receiver_scheme, request_id)`

const values = `$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + $11 * interval '1 ms', $12, $13, $14::bytea, $15, $16`

// What a person had done is written down with it.
const writeDown = `audited as (
    insert into audit_log (user_id, site_id, action, object_type, object_id, request_id, ip, details)
    select requested_by, site_id, case when sample then 'destination.tested' else 'visitor.exported' end, 'delivery',
      id, $16, $17, jsonb_build_object('webhook_type', webhook_type, 'receiver_host', receiver_host,
      'destination_id', destination_id)
    from saved where $16::text is not null
  )
  select id from saved`

const saveSql = `
  with saved as (insert into deliveries ${columns} values (${values}) returning *), ${writeDown}`

// One statement, so one transaction. A key younger than 24 h keeps its delivery and nothing is inserted.
const saveOnceSql = `
  with kept as (
    insert into idempotency_keys as k (user_id, key, request_digest, delivery_id)
    values ($10, $18, $19, $1)
    on conflict (user_id, key) do update
      set request_digest = excluded.request_digest, delivery_id = excluded.delivery_id,
          created_at = now(), answer_status = null, answer_body = null
      where k.created_at < now() - interval '${idempotencyHours} hours'
    returning 1
  ), saved as (
    insert into deliveries ${columns} select ${values} where exists (select from kept) returning *
  ), ${writeDown}`

/**
 * @param sealer of the URLs of single exports; without a key where they are stored as given
 * @param sweepAfterMs how long the queue may take before the sweeper looks whether it lost the delivery
 * @param caller where the wish came from, for the audit log; null when no person made it
 */
export function saveDelivery(
  { pool }: Database,
  sealer: Sealer,
  sweepAfterMs: number,
  caller: Caller | null = null,
): SaveDelivery {
  return async (delivery) => {
    const row = [...rowOf(delivery, sealer, sweepAfterMs), caller?.requestId ?? null, caller?.ip ?? null]
    if (delivery.idempotency === null) {
      await pool.query({ name: 'save-delivery', text: saveSql, values: row })
      return { kind: 'saved' }
    }
    const { key, requestDigest } = delivery.idempotency
    const result = await pool.query({
      name: 'save-once',
      text: saveOnceSql,
      values: [...row, key, requestDigest],
    })
    return result.rowCount === 1
      ? { kind: 'saved' }
      : readEarlier({ pool }, delivery.requestedBy, delivery.idempotency)
  }
}

function rowOf(delivery: NewDelivery, sealer: Sealer, sweepAfterMs: number): unknown[] {
  const { clear, sealed } = storedReceiverUrl(sealer, delivery.siteId, delivery.receiverUrl)
  return [
    delivery.id,
    delivery.siteId,
    delivery.visitorId.toString(),
    delivery.ghostVid,
    delivery.webhookType,
    clear,
    delivery.receiverHost,
    delivery.includeJourney,
    delivery.includeEvents,
    delivery.requestedBy,
    sweepAfterMs,
    delivery.destinationId,
    delivery.sample,
    sealed,
    delivery.receiverScheme,
  ]
}

async function readEarlier(
  { pool }: Pick<Database, 'pool'>,
  userId: string,
  { key, requestDigest }: IdempotencyClaim,
): Promise<Saved> {
  const { rows } = await pool.query<{ delivery_id: string; request_digest: string }>(
    'select delivery_id, request_digest from idempotency_keys where user_id = $1 and key = $2',
    [userId, key],
  )
  const row = rows[0]
  if (!row || row.request_digest !== requestDigest) return { kind: 'idempotency_conflict' }
  return { kind: 'already_saved', deliveryId: row.delivery_id }
}
