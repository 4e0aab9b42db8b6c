import type { ReleaseClaim } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'

const releaseSql = `
  update deliveries d
  set
    state = case when attempts = series_start then 'queued' else 'retrying' end,
    claim_id = null,
    claim_expires_at = null,
    sweep_at = now()
  where id = $1
    and claim_id = $2
    and state = 'delivering'
    and claim_expires_at > now()
  returning ${dueDeliveryColumns('d')}`

/** Releases claims. A released delivery is due, no attempt is counted, and the sweeper may enqueue it at once. */
export function releaseClaim({ pool }: Database): ReleaseClaim {
  return async ({ deliveryId, claimId }) => {
    const { rows } = await pool.query<DueDeliveryRow>(releaseSql, [deliveryId, claimId])
    return rows[0] ? dueDeliveryOfRow(rows[0]) : null
  }
}
