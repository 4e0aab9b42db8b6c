import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { Database } from '../connection/open-database.ts'
import { idempotencyHours } from './save-delivery.ts'

const keyedSql = `
  select
    k.request_digest,
    d.id,
    d.site_id,
    d.webhook_type,
    d.receiver_host,
    d.webhook_key,
    d.destination_id
  from idempotency_keys k
  join deliveries d on d.id = k.delivery_id
  where k.user_id = $1
    and k.key = $2
    and k.created_at >= now() - interval '${idempotencyHours} hours'`

interface KeyedRow {
  request_digest: string
  id: string
  site_id: number
  webhook_type: WebhookType
  receiver_host: string
  webhook_key: string | null
  destination_id: string | null
}

/** The delivery that a request under an idempotency key made. Type and host are those at the time of that request. */
interface KeyedDelivery {
  requestDigest: string
  deliveryId: string
  siteId: number
  webhookType: WebhookType
  receiverHost: string
  webhookKey: string | null
  /** Null for an ad-hoc URL, and when the destination was deleted. */
  destinationId: string | null
}

/** Finds the delivery of a user's idempotency key; null when the key is unknown or has expired. */
export async function findKeyedDelivery(
  { pool }: Pick<Database, 'pool'>,
  userId: string,
  key: string,
): Promise<KeyedDelivery | null> {
  const { rows } = await pool.query<KeyedRow>(keyedSql, [userId, key])
  const row = rows[0]
  if (!row) return null
  return {
    requestDigest: row.request_digest,
    deliveryId: row.id,
    siteId: row.site_id,
    webhookType: row.webhook_type,
    receiverHost: row.receiver_host,
    webhookKey: row.webhook_key,
    destinationId: row.destination_id,
  }
}
