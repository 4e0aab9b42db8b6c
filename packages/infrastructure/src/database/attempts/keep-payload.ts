import type { KeepPayload } from '@ghostpost/delivery/deliver'
import { gatherStatements } from '../connection/gather-statements.ts'
import { jsonTexts } from '../connection/json-texts.ts'
import { unseen } from '../connection/row-arrays.ts'
import type { Database } from '../connection/open-database.ts'

// The claim is checked in the same statement, and an earlier build wins: all attempts send the same bytes.
const keepSql = `
  with mine as (
    select w.claim_id, d.id, w.body
    from unnest(${unseen('$1::uuid[]')}, ${unseen('$2::uuid[]')}, ${unseen(jsonTexts.sql('$3'))}) w(id, claim_id, body)
      join deliveries d on d.id = w.id
        and case when d.state = 'delivering' and d.claim_expires_at > now() and d.erased_at is null then d.claim_id end = w.claim_id
  ), kept as (
    insert into payloads (delivery_id, body) select id, body from mine
    on conflict (delivery_id) do nothing
    returning delivery_id
  )
  select m.claim_id, k.delivery_id is not null as kept, p.body as earlier
  from mine m left join kept k on k.delivery_id = m.id
    left join payloads p on p.delivery_id = m.id and k.delivery_id is null`

interface Build {
  deliveryId: string
  claimId: string
  payload: string
}

interface KeptRow {
  claim_id: string
  kept: boolean
  earlier: string | null
}

export function keepPayload(database: Database): KeepPayload {
  const keep = gatherStatements((builds: readonly Build[]) => keepAll(database, builds))
  return ({ deliveryId, claimId }, payload) => keep({ deliveryId, claimId, payload })
}

async function keepAll({ pool }: Database, builds: readonly Build[]): Promise<(string | null)[]> {
  const values = [
    builds.map((build) => build.deliveryId),
    builds.map((build) => build.claimId),
    jsonTexts.value(builds.map((build) => build.payload)),
  ]
  const { rows } = await pool.query<KeptRow>({ name: 'keep-payload', text: keepSql, values })
  const byClaim = new Map(rows.map((row) => [row.claim_id, row]))
  return builds.map(({ claimId }) => {
    const row = byClaim.get(claimId)
    if (!row?.kept) return row?.earlier ?? null
    return builds.find((build) => build.claimId === claimId)?.payload ?? null
  })
}
