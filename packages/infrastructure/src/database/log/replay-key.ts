import type { IdempotencyClaim } from '@ghostpost/delivery/deliver'
import type { PoolClient } from 'pg'
import { idempotencyHours } from '../attempts/save-delivery.ts'

/** The idempotency keys of requests to send a delivery again, in the table of those of exports. */

// Another request with the same key waits here until this one ends.
const takeSql = `
  insert into idempotency_keys as k (user_id, key, request_digest, delivery_id)
  values ($1, $2, $3, $4)
  on conflict (user_id, key) do update
    set
      request_digest = excluded.request_digest,
      delivery_id = excluded.delivery_id,
      created_at = now(),
      answer_status = null,
      answer_body = null
    where k.created_at < now() - interval '${idempotencyHours} hours'
  returning 1`

const earlierSql = `
  select
    delivery_id,
    request_digest
  from idempotency_keys
  where user_id = $1
    and key = $2`

interface EarlierRow {
  delivery_id: string
  request_digest: string
}

export type EarlierReplay = { kind: 'repeated'; deliveryId: string } | { kind: 'idempotency_conflict' }

/**
 * Takes a key for the request that sends this delivery again.
 * @returns the result of the earlier request that has the key; null when this request has it now
 */
export async function takeKey(
  client: PoolClient,
  userId: string,
  { key, requestDigest }: IdempotencyClaim,
  deliveryId: string,
): Promise<EarlierReplay | null> {
  const taken = await client.query(takeSql, [userId, key, requestDigest, deliveryId])
  if (taken.rowCount !== 0) return null
  const { rows } = await client.query<EarlierRow>(earlierSql, [userId, key])
  const earlier = rows[0]
  if (!earlier || earlier.request_digest !== requestDigest) return { kind: 'idempotency_conflict' }
  return { kind: 'repeated', deliveryId: earlier.delivery_id }
}

const assignSql = 'update idempotency_keys set delivery_id = $3 where user_id = $1 and key = $2'
const giveUpSql = 'delete from idempotency_keys where user_id = $1 and key = $2'

/**
 * Assigns a taken key to the delivery that its request made due.
 * @param deliveryId null when the request was refused: the key is free again
 */
export async function settleKey(
  client: PoolClient,
  userId: string,
  { key }: IdempotencyClaim,
  deliveryId: string | null,
): Promise<void> {
  if (deliveryId === null) await client.query(giveUpSql, [userId, key])
  else await client.query(assignSql, [userId, key, deliveryId])
}
