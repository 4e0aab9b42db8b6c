import { laneOf, type Lane } from '@ghostpost/delivery'
import type { Database } from './open-database.ts'

export interface OverdueDelivery {
  deliveryId: string
  attemptsMade: number
  lane: Lane
}

// `skip locked`: several workers may sweep at once, and none waits for a delivery that is being settled.
const sweepSql = `
  with overdue as (
    select id from deliveries where sweep_at <= now() + interval '1 ms' order by sweep_at limit $1 for update skip locked
  )
  update deliveries d set sweep_at = now() + $2 * interval '1 ms'
  from overdue where d.id = overdue.id
  returning d.id, d.attempts`

/**
 * Deliveries that are due and that the queue has not brought to a settlement in time: saved and never queued, lost with
 * the queue's data, or held by a worker whose claim ran out. Each is returned once per `sweepAfterMs`.
 */
export async function sweepDue(
  { pool }: Database,
  limit: number,
  sweepAfterMs: number,
): Promise<OverdueDelivery[]> {
  const { rows } = await pool.query<{ id: string; attempts: number }>(sweepSql, [limit, sweepAfterMs])
  return rows.map((row) => ({ deliveryId: row.id, attemptsMade: row.attempts, lane: laneOf(row.attempts) }))
}
