import type { Database } from '../connection/open-database.ts'
import { overdueColumns, overdueOf, type OverdueDelivery, type OverdueRow } from './overdue-delivery.ts'

// The longer a delivery is overdue, the seldomer it is rung for: a long backlog is not swept over and over. What a worker
// holds is looked at again when its claim runs out.
// `skip locked`: several workers may sweep at once, and none waits for a delivery that is being settled.
/** Exported so that its plan can be looked at. `$1` is the limit, `$2` and `$3` the least and most time between two findings in ms. */
export const sweepSql = `
  with overdue as (
    select id, coalesce(claim_expires_at > now(), false) as held from deliveries
    where sweep_at <= now() + interval '1 ms' order by sweep_at limit $1 for update skip locked
  ), swept as (
    update deliveries d
    set sweep_at = case when held then d.claim_expires_at
      else now() + least(greatest($2 * interval '1 ms', now() - coalesce(d.next_attempt_at, now())), $3 * interval '1 ms') end
    from overdue where d.id = overdue.id
    returning ${overdueColumns}, held
  )
  select
    id,
    site_id,
    attempts,
    series_start,
    operation_id,
    destination_id,
    receiver_host
  from swept
  where not held`

const sweepEveryMaxMs = 300_000

/**
 * Deliveries that are due and that the queue has not brought to a settlement in time: saved and never queued, lost with
 * the queue's data, or held by a worker whose claim ran out. Each is returned once per `sweepAfterMs`, and ever seldomer
 * down to once per `sweepAgainMaxMs`.
 */
export async function sweepDue(
  { pool }: Database,
  limit: number,
  sweepAfterMs: number,
): Promise<OverdueDelivery[]> {
  const values = [limit, sweepAfterMs, Math.max(sweepAfterMs, sweepEveryMaxMs)]
  const { rows } = await pool.query<OverdueRow>(sweepSql, values)
  return rows.map(overdueOf)
}
