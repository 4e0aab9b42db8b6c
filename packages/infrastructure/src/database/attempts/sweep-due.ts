import type { DueDelivery } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'

/**
 * Finds overdue deliveries. `$1` is the limit; `$2` and `$3` are the least and the most time between two sweeps of the
 * same delivery, in milliseconds. Exported for the test of its query plan.
 *
 * - The interval grows with the delay, so that a long backlog is not swept over and over.
 * - A claimed delivery is swept again when its claim expires.
 * - `skip locked`: several workers may sweep at once, and none waits for a delivery that another worker records.
 */
export const sweepSql = `
  with overdue as (
    select
      id,
      coalesce(claim_expires_at > now(), false) as claimed
    from deliveries
    where sweep_at <= now() + interval '1 ms'
    order by sweep_at
    limit $1
    for update skip locked
  ), swept as (
    update deliveries d
    set sweep_at = case
      when claimed then d.claim_expires_at
      else now() + least(
        greatest($2 * interval '1 ms', now() - coalesce(d.next_attempt_at, now())),
        $3 * interval '1 ms'
      )
    end
    from overdue
    where d.id = overdue.id
    returning
      ${dueDeliveryColumns('d')},
      claimed
  )
  select
    ${dueDeliveryColumns('swept')}
  from swept
  where not claimed`

const sweepEveryMaxMs = 300_000

/**
 * Returns deliveries that are due and that the queue did not bring to a settlement in time: never enqueued, lost with
 * the queue's data, or claimed by a worker whose claim expired. Returns each of them again after `sweepAfterMs` at the
 * earliest, later with growing delay, and at least every five minutes.
 */
export async function sweepDue(
  { pool }: Database,
  limit: number,
  sweepAfterMs: number,
): Promise<DueDelivery[]> {
  const values = [limit, sweepAfterMs, Math.max(sweepAfterMs, sweepEveryMaxMs)]
  const { rows } = await pool.query<DueDeliveryRow>(sweepSql, values)
  return rows.map(dueDeliveryOfRow)
}
