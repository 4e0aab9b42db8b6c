import type { ReleaseClaim } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'

const releaseSql = `
  update deliveries d
  set
    state = case when attempts = series_start then 'queued' else 'retrying' end,
    claim_id = null,
    claim_expires_at = null,
    sweep_at = now() + $3 * interval '1 ms'
  where id = $1
    and claim_id = $2
    and state = 'delivering'
    and claim_expires_at > now()
  returning ${dueDeliveryColumns('d')}`

/**
 * Releases claims. A released delivery is due and no attempt is counted.
 * @param sweepAfterMs when the sweeper may enqueue it, in milliseconds from now; at once unless given
 */
export function releaseClaim({ pool }: Database, sweepAfterMs = 0): ReleaseClaim {
  return async ({ deliveryId, claimId }) => {
    const { rows } = await pool.query<DueDeliveryRow>(releaseSql, [deliveryId, claimId, sweepAfterMs])
    return rows[0] ? dueDeliveryOfRow(rows[0]) : null
  }
}
