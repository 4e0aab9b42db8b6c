import { randomUUID } from 'node:crypto'
import type { ClaimDelivery } from '@ghostpost/delivery/deliver'
import type { Sealer } from '../../secrets/sealer.ts'
import { profileSql } from './claimed-profile.ts'
import { claimOf, type ClaimedRow, type TimedRow } from './claimed-row.ts'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import { supersededSql } from './superseded.ts'
import { releaseClaim } from './release-claim.ts'
import { opaqueParameter } from '../connection/row-arrays.ts'
import { readWaitReason } from './wait-reason.ts'

// Who finds a delivery locked comes again: a crowd that waited for rows would hold every connection there is.
// Columns are rounded to the millisecond, so what is due "now" may lie half a millisecond ahead.
// The database's clock decides what is due and what has expired: processes need not agree on the time.
// A claim taken over from a dead worker is the same attempt, so `interrupted` is read before the update.
// What is not built yet is stored before it is sent, and the commit of that takes the claim's to the disk along with it:
// the claim itself need not wait for the disk. Where bytes are there already, it waits.
// What is to be built is read in the same statement.
// `sweep_at` stays: changing it would touch every index. The sweeper passes over what is held.
const claimSql = `
  with due as (
    select w.claim_id, d.* from unnest(${opaqueParameter('$1::uuid[]')}, ${opaqueParameter('$2::uuid[]')}) w(id, claim_id) cross join lateral (
      select id, state = 'delivering' as interrupted from deliveries
      where id = w.id and (
        (state in ('queued', 'retrying') and next_attempt_at <= now() + interval '1 ms')
        or (state = 'delivering' and claim_expires_at <= now()))
        and not exists (select from destinations t where t.id = destination_id and t.state <> 'enabled')
        and not exists (select from operations o where o.id = operation_id and o.state = 'paused')
      for update skip locked
    ) d
  ), claimed as (
    update deliveries d
    set state = 'delivering', claim_id = due.claim_id, claim_expires_at = now() + $3 * interval '1 ms',
        sweep_at = least(sweep_at, now() + $3 * interval '1 ms')
    from due where d.id = due.id
    returning d.*, due.interrupted
  ), built as (
    select c.*, p.body as payload, p.built_at from claimed c left join payloads p on p.delivery_id = c.id
  ), relaxed as (
    select set_config('synchronous_commit', 'off', true) where not exists (select from built where payload is not null)
  )
  select c.id, c.claim_id, c.site_id, c.webhook_type, c.receiver_url, c.receiver_url_sealed, c.receiver_host, c.destination_id, c.sample,
         c.include_journey, c.include_events, c.attempts, c.interrupted, c.series_start, c.operation_id, c.request_id, c.payload, t.sealed, t.retry_schedule,
         greatest(extract(epoch from now() - c.next_attempt_at) * 1000, 0)::float as due_for_ms,
         c.attempts > 0 and exists (
           select from attempts a where a.delivery_id = c.id and a.outcome_unknown) as may_be_repeat,
         case when c.payload is null and not c.sample then ${profileSql('c.visitor_id')} end as profile,
         ${supersededSql('c', 'c.built_at')} as superseded
  from built c left join relaxed on true left join destinations t on t.id = c.destination_id`

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

interface ClaimRequest {
  deliveryId: string
  claimId: string
}

/**
 * @param claimMs how long a claim holds; longer than an attempt can take, or two workers might send at once
 */
export function claimDelivery(database: Database, sealer: Sealer, claimMs: number): ClaimDelivery {
  const claim = batchStatements((requests: readonly ClaimRequest[]) => claimAll(database, requests, claimMs))
  return async (deliveryId) => {
    if (!uuidShape.test(deliveryId)) return { kind: 'nothing_to_do' }
    const claimId = randomUUID()
    const row = await claim({ deliveryId, claimId })
    if (!row) return readWaitReason(database, deliveryId)
    try {
      return { kind: 'claimed', claim: claimOf(row, sealer) }
    } catch (error) {
      // A secret that cannot be opened is our fault, not an attempt.
      await releaseClaim(database)({ deliveryId, claimId })
      throw error
    }
  }
}

async function claimAll(
  { pool }: Database,
  requests: readonly ClaimRequest[],
  claimMs: number,
): Promise<(TimedRow | undefined)[]> {
  const values = [
    requests.map((request) => request.deliveryId),
    requests.map((request) => request.claimId),
    claimMs,
  ]
  const sentAt = performance.now()
  const { rows } = await pool.query<ClaimedRow>({ name: 'claim-delivery', text: claimSql, values })
  const ageMs = (): number => performance.now() - sentAt
  const byClaim = new Map(rows.map((row) => [row.claim_id, { ...row, ageMs }]))
  return requests.map((request) => byClaim.get(request.claimId))
}
