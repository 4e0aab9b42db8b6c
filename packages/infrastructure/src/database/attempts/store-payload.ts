import type { StorePayload } from '@ghostpost/delivery/deliver'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import { jsonTexts, opaqueParameter } from '../connection/row-arrays.ts'

/**
 * Stores payloads of valid claims. An earlier build wins, so that all attempts send the same bytes. The lock waits for
 * an erasure, after which the delivery is erased. A payload has the time of its claim, which read the visitor: one that
 * is stored late must not count as a newer snapshot than it is.
 */
const storeSql = `
  with owned as (
    select
      w.claim_id,
      d.id,
      w.body,
      w.age_ms
    from unnest(
      ${opaqueParameter('$1::uuid[]')},
      ${opaqueParameter('$2::uuid[]')},
      ${opaqueParameter(jsonTexts.sql('$3'))},
      ${opaqueParameter('$4::float8[]')}
    ) w(id, claim_id, body, age_ms)
    cross join lateral (
      select id
      from deliveries
      where id >= w.id
        and id <= w.id
        and case
          when state = 'delivering' and claim_expires_at > now() and erased_at is null then claim_id
        end = w.claim_id
      order by id
      limit 1
      for key share
    ) d
  ), stored as (
    insert into payloads (delivery_id, body, built_at)
    select
      id,
      body,
      now() - age_ms * interval '1 ms'
    from owned
    on conflict (delivery_id) do nothing
    returning delivery_id
  )
  select
    o.claim_id,
    s.delivery_id is not null as stored,
    p.body as earlier
  from owned o
  left join stored s on s.delivery_id = o.id
  left join lateral (
    select body
    from payloads
    where delivery_id = o.id
      and s.delivery_id is null
    offset 0
  ) p on true`

interface PayloadRow {
  deliveryId: string
  claimId: string
  payload: string
  /** Age of the claim, in milliseconds. */
  ageMs: number
}

interface StoredPayloadRow {
  claim_id: string
  stored: boolean
  earlier: string | null
}

export function storePayload(database: Database): StorePayload {
  const store = batchStatements((payloadRows: readonly PayloadRow[]) => storeAll(database, payloadRows))
  return ({ deliveryId, claimId, ageMs }, payload) => store({ deliveryId, claimId, payload, ageMs: ageMs() })
}

async function storeAll({ pool }: Database, payloadRows: readonly PayloadRow[]): Promise<(string | null)[]> {
  const values = [
    payloadRows.map((payloadRow) => payloadRow.deliveryId),
    payloadRows.map((payloadRow) => payloadRow.claimId),
    jsonTexts.value(payloadRows.map((payloadRow) => payloadRow.payload)),
    payloadRows.map((payloadRow) => payloadRow.ageMs),
  ]
  const { rows } = await pool.query<StoredPayloadRow>({ name: 'store-payload', text: storeSql, values })
  const byClaim = new Map(rows.map((row) => [row.claim_id, row]))
  return payloadRows.map(({ claimId, payload }) => {
    const row = byClaim.get(claimId)
    return row?.stored ? payload : (row?.earlier ?? null)
  })
}
