import type { ClaimResult, DeliveryState } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'

const waitSql = `
  select d.state, t.state <> 'enabled' or o.state = 'paused' as paused,
         ceil(extract(epoch from
           (case when d.state = 'delivering' then claim_expires_at else next_attempt_at end) - now()) * 1000)::int as wait_ms
  from deliveries d left join destinations t on t.id = d.destination_id
    left join operations o on o.id = d.operation_id
  where d.id = $1`

/** The shortest wait told, so that clocks and rounding never make a busy loop. */
const waitMinMs = 10
/** How often a delivery for a paused destination, or of a paused operation, asks whether it may go on. */
const pausedWaitMs = 15_000

/** Why a delivery could not be claimed: it waits for something, or there is nothing to do. */
export async function readWaitReason({ pool }: Database, deliveryId: string): Promise<ClaimResult> {
  const { rows } = await pool.query<{ state: DeliveryState; paused: boolean | null; wait_ms: number | null }>(
    waitSql,
    [deliveryId],
  )
  const row = rows[0]
  if (!row || row.wait_ms === null || row.state === 'cancelled') return { kind: 'nothing_to_do' }
  return { kind: 'wait', waitMs: Math.max(row.wait_ms, row.paused ? pausedWaitMs : waitMinMs) }
}
