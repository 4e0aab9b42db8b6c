import type { ReleaseClaim } from '@ghostpost/delivery/deliver'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import { opaqueParameter, rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'
import { retryUntilWritten, type OnWriteError } from './retry-until-written.ts'

interface Release {
  deliveryId: string
  claimId: string
  sweepAfterMs: number
}

const releaseColumns: readonly RowColumn<Release>[] = [
  ['id', 'uuid', ({ deliveryId }) => deliveryId],
  ['claim_id', 'uuid', ({ claimId }) => claimId],
  ['sweep_after_ms', 'float8', ({ sweepAfterMs }) => sweepAfterMs],
]

/** Its owner sent nothing, so the claim may have expired: what counts is that nobody else has recorded it. */
const releaseSql = `
  update deliveries d
  set
    state = case when attempts = series_start then 'queued' else 'retrying' end,
    claim_id = null,
    claim_expires_at = null,
    sweep_at = now() + w.sweep_after_ms * interval '1 ms'
  from ${rowsSql(releaseColumns, 'w', 1)}
  where d.id = w.id
    and d.id = any((${opaqueParameter('$1::uuid[]')})::uuid[])
    and d.claim_id = w.claim_id
    and d.state = 'delivering'
  returning ${dueDeliveryColumns('d')}`

/** The port, with when the sweeper may enqueue the delivery: milliseconds from now, at once unless given. */
type ReleaseWhen = (
  claim: Parameters<ReleaseClaim>[0],
  options?: { sweepAfterMs?: number },
) => ReturnType<ReleaseClaim>

/**
 * Releases claims. A released delivery is due and no attempt is counted. A release that fails is repeated until it is
 * written: otherwise the claim would expire, and an attempt that sent nothing would count as interrupted.
 */
export function releaseClaim(database: Database, onError: OnWriteError = () => {}): ReleaseWhen {
  const write = batchStatements((releases: readonly Release[]) => releaseAll(database, releases))
  return async ({ deliveryId, claimId }, { sweepAfterMs = 0 } = {}) => {
    const release = { deliveryId, claimId, sweepAfterMs }
    const row = await retryUntilWritten(() => write(release), database.pool, onError)
    return row ? dueDeliveryOfRow(row) : null
  }
}

async function releaseAll(
  { pool }: Database,
  releases: readonly Release[],
): Promise<(DueDeliveryRow | undefined)[]> {
  const ordered = releases.toSorted((one, other) => (one.deliveryId < other.deliveryId ? -1 : 1))
  const { rows } = await pool.query<DueDeliveryRow>(releaseSql, rowsValues(releaseColumns, ordered))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return releases.map(({ deliveryId }) => byId.get(deliveryId))
}
