import type { Claim } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'

const releaseSql = `
  update deliveries
  set state = case when attempts = series_start then 'queued' else 'retrying' end,
      claim_id = null, claim_expires_at = null, sweep_at = now()
  where id = $1 and claim_id = $2 and state = 'delivering' and claim_expires_at > now()`

/** No attempt was made, so none is counted; the sweeper may ring for it at once. False when the claim is not ours any more. */
export function releaseClaim({ pool }: Database) {
  return async ({ deliveryId, claimId }: Pick<Claim, 'deliveryId' | 'claimId'>): Promise<boolean> => {
    return (await pool.query(releaseSql, [deliveryId, claimId])).rowCount === 1
  }
}
