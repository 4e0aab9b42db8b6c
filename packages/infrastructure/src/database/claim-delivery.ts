import { randomUUID } from 'node:crypto'
import type { Claim, ClaimDelivery, ClaimResult, DeliveryState, WebhookType } from '@ghostpost/delivery'
import type { Database } from './open-database.ts'

// Columns are rounded to the millisecond, so what is due "now" may lie half a millisecond ahead.
// The database's clock decides what is due and what has expired: processes need not agree on the time.
// A claim taken over from a dead worker is the same attempt, so `interrupted` is read before the update.
const claimSql = `
  with due as (
    select id, state = 'delivering' as interrupted from deliveries
    where id = $1 and (
      (state in ('queued', 'retrying') and next_attempt_at <= now() + interval '1 ms')
      or (state = 'delivering' and claim_expires_at <= now()))
    for update
  ), claimed as (
    update deliveries d
    set state = 'delivering', claim_id = $2, claim_expires_at = now() + $3 * interval '1 ms',
        sweep_at = now() + $3 * interval '1 ms'
    from due where d.id = due.id
    returning d.*, due.interrupted
  )
  select c.id, c.site_id, c.visitor_id, c.webhook_type, c.receiver_url, c.include_journey, c.include_events,
         c.attempts, c.interrupted, p.body as payload
  from claimed c left join payloads p on p.delivery_id = c.id`

const waitSql = `
  select state,
         ceil(extract(epoch from
           (case when state = 'delivering' then claim_expires_at else next_attempt_at end) - now()) * 1000)::int as wait_ms
  from deliveries where id = $1`

interface ClaimedRow {
  id: string
  site_id: number
  visitor_id: string
  webhook_type: WebhookType
  receiver_url: string
  include_journey: boolean
  include_events: boolean
  attempts: number
  interrupted: boolean
  payload: string | null
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * @param claimMs how long a claim holds; longer than an attempt can take, or two workers might send at once
 */
export function claimDelivery({ pool }: Database, claimMs: number): ClaimDelivery {
  return async (deliveryId) => {
    if (!uuidShape.test(deliveryId)) return { kind: 'nothing_to_do' }
    const claimId = randomUUID()
    const values = [deliveryId, claimId, claimMs]
    const { rows } = await pool.query<ClaimedRow>({ name: 'claim-delivery', text: claimSql, values })
    const row = rows[0]
    return row ? { kind: 'claimed', claim: claimOf(row, claimId) } : whyNot({ pool }, deliveryId)
  }
}

function claimOf(row: ClaimedRow, claimId: string): Claim {
  return {
    claimId,
    deliveryId: row.id,
    siteId: row.site_id,
    visitorId: BigInt(row.visitor_id),
    webhookType: row.webhook_type,
    receiverUrl: row.receiver_url,
    includeJourney: row.include_journey,
    includeEvents: row.include_events,
    attemptNumber: row.attempts + 1,
    payload: row.payload,
    interrupted: row.interrupted,
  }
}

/** The shortest wait told, so that clocks and rounding never make a busy loop. */
const waitMinMs = 10

async function whyNot({ pool }: Pick<Database, 'pool'>, deliveryId: string): Promise<ClaimResult> {
  const { rows } = await pool.query<{ state: DeliveryState; wait_ms: number | null }>(waitSql, [deliveryId])
  const row = rows[0]
  if (!row || row.wait_ms === null || row.state === 'cancelled') return { kind: 'nothing_to_do' }
  return { kind: 'wait', waitMs: Math.max(row.wait_ms, waitMinMs) }
}
