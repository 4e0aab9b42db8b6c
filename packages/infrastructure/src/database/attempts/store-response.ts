import type { Database } from '../connection/open-database.ts'

export interface StoredResponse {
  status: number
  body: unknown
}

const storeSql = `
  update idempotency_keys
  set
    answer_status = coalesce(answer_status, $4),
    answer_body = coalesce(answer_body, $5::jsonb)
  where user_id = $1
    and key = $2
    and delivery_id = $3
  returning
    answer_status as status,
    answer_body as body`

/**
 * Stores the first response under an idempotency key. Returns the stored one, so that all callers with the same key get
 * the same response.
 */
export async function storeResponse(
  { pool }: Database,
  key: { userId: string; key: string; deliveryId: string },
  response: StoredResponse,
): Promise<StoredResponse> {
  const values = [key.userId, key.key, key.deliveryId, response.status, JSON.stringify(response.body)]
  const { rows } = await pool.query<StoredResponse>(storeSql, values)
  return rows[0] ?? response
}

/** Reads the stored response of an idempotency key and its delivery; null while there is none. */
export async function readStoredResponse(
  { pool }: Database,
  key: { userId: string; key: string; deliveryId: string },
): Promise<StoredResponse | null> {
  const { rows } = await pool.query<StoredResponse>(
    `select
       answer_status as status,
       answer_body as body
     from idempotency_keys
     where user_id = $1
       and key = $2
       and delivery_id = $3
       and answer_status is not null`,
    [key.userId, key.key, key.deliveryId],
  )
  return rows[0] ?? null
}
