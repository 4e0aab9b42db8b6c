import { overdueColumns, overdueOf, type OverdueDelivery, type OverdueRow } from './overdue-delivery.ts'
import type { Database } from '../connection/open-database.ts'

/** What held deliveries up. */
export type Pausable = { destinationId: string } | { operationId: string }

/** More are not rung for at once: they ask again by themselves soon. */
const sweptMax = 1_000

// The sweeper is to look at them, too: one that a worker has just put back cannot hear the bell.
const sweepResumedSql = (column: 'destination_id' | 'operation_id'): string => `
  with held as (
    select id from deliveries
    where ${column} = $1 and sweep_at is not null and state in ('queued', 'retrying') and next_attempt_at <= now()
    order by id limit ${sweptMax} for update skip locked
  )
  update deliveries d set sweep_at = now() from held where d.id = held.id
  returning ${overdueColumns}`

/** The oldest of the deliveries that are due and were held up until now: they are to be rung for. */
export async function sweepResumed(
  { pool }: Pick<Database, 'pool'>,
  resumed: Pausable,
): Promise<OverdueDelivery[]> {
  const [column, id] =
    'destinationId' in resumed
      ? (['destination_id', resumed.destinationId] as const)
      : (['operation_id', resumed.operationId] as const)
  const { rows } = await pool.query<OverdueRow>(sweepResumedSql(column), [id])
  return rows.map(overdueOf)
}
