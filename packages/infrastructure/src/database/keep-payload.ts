import type { KeepPayload } from '@ghostpost/delivery'
import type { Database } from './open-database.ts'

// The claim is checked in the same statement, and an earlier build wins: all attempts send the same bytes.
const keepSql = `
  with mine as (select id from deliveries where id = $1 and claim_id = $2 and state = 'delivering' and erased_at is null),
  kept as (
    insert into payloads (delivery_id, body) select id, $3 from mine
    on conflict (delivery_id) do nothing
    returning body
  )
  select body from kept
  union all
  select p.body from payloads p join mine on mine.id = p.delivery_id`

export function keepPayload({ pool }: Database): KeepPayload {
  return async ({ deliveryId, claimId }, payload) => {
    const values = [deliveryId, claimId, payload]
    const { rows } = await pool.query<{ body: string }>({ name: 'keep-payload', text: keepSql, values })
    return rows[0]?.body ?? null
  }
}
