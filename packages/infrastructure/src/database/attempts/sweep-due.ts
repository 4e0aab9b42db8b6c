import type { DueDelivery } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'

/**
 * Finds overdue deliveries. `$1` is the limit; `$2` is the time until the next sweep of the same delivery, in
 * milliseconds. Exported for the test of its query plan.
 *
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
      else now() + $2 * interval '1 ms'
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

/**
 * Returns deliveries that are due and that the queue did not bring to a settlement in time: never enqueued, lost with
 * the queue's data, or claimed by a worker whose claim expired. Returns each of them again after `sweepAfterMs`, unless
 * `postponeSweep` says later.
 */
export async function sweepDue(
  { pool }: Database,
  limit: number,
  sweepAfterMs: number,
): Promise<DueDelivery[]> {
  const { rows } = await pool.query<DueDeliveryRow>(sweepSql, [limit, sweepAfterMs])
  return rows.map(dueDeliveryOfRow)
}

const sweepEveryMaxMs = 60_000

/** `$2` and `$3` are the least and the most time until the next sweep, in milliseconds. */
const postponeSql = `
  update deliveries
  set sweep_at = now() + least(now() - next_attempt_at, $3 * interval '1 ms')
  where id = any($1)
    and sweep_at is not null
    and state in ('queued', 'retrying')
    and next_attempt_at < now() - $2 * interval '1 ms'`

/**
 * Makes the sweeper look later after deliveries of which the queue certainly has the job: after as long as they are
 * overdue, and at least once a minute. So a long backlog is not swept over and over.
 */
export async function postponeSweep(
  { pool }: Database,
  deliveries: readonly Pick<DueDelivery, 'deliveryId'>[],
  sweepAfterMs: number,
): Promise<void> {
  if (deliveries.length === 0) return
  const ids = deliveries.map(({ deliveryId }) => deliveryId)
  await pool.query(postponeSql, [ids, sweepAfterMs, Math.max(sweepAfterMs, sweepEveryMaxMs)])
}

const advancedMax = 1_000

/** `$1` is the latest `sweep_at` that a due delivery can have, in milliseconds from now. */
const advanceSql = `
  with due as (
    select id
    from deliveries
    where sweep_at > now()
      and sweep_at <= now() + $1 * interval '1 ms'
      and next_attempt_at <= now()
      and state in ('queued', 'retrying')
    order by sweep_at
    limit ${advancedMax}
    for update skip locked
  )
  update deliveries d
  set sweep_at = now()
  from due
  where d.id = due.id`

/** Makes the sweeper look after all due deliveries at its next step, because the queue lost its data. */
export async function advanceSweeps(
  { pool }: Database,
  sweepAfterMs: number,
  stop: AbortSignal,
): Promise<void> {
  const horizonMs = Math.max(sweepAfterMs, sweepEveryMaxMs) + sweepAfterMs
  let advanced = advancedMax
  while (advanced === advancedMax && !stop.aborted) {
    advanced = (await pool.query(advanceSql, [horizonMs])).rowCount ?? 0
  }
}
