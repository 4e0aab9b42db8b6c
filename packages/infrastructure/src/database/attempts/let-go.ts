import { dueFieldsSql, overdueOf, type OverdueDelivery, type OverdueRow } from './overdue-delivery.ts'
import type { Database } from '../connection/open-database.ts'

/** What held deliveries up. */
export type Holder = { destinationId: string } | { operationId: string }

/** More are not rung for at once: they ask again by themselves soon. */
const rungMax = 1_000

// The sweeper is to look at them, too: one that a worker has just put back cannot hear the bell.
const letGoSql = (column: 'destination_id' | 'operation_id'): string => `
  with held as (
    select id from deliveries
    where ${column} = $1 and sweep_at is not null and state in ('queued', 'retrying') and next_attempt_at <= now()
    order by id limit ${rungMax} for update skip locked
  )
  update deliveries d set sweep_at = now() from held where d.id = held.id
  returning ${dueFieldsSql}`

/** The oldest of the deliveries that are due and were held up until now: they are to be rung for. */
export async function letGo({ pool }: Pick<Database, 'pool'>, holder: Holder): Promise<OverdueDelivery[]> {
  const [column, id] =
    'destinationId' in holder
      ? (['destination_id', holder.destinationId] as const)
      : (['operation_id', holder.operationId] as const)
  const { rows } = await pool.query<OverdueRow>(letGoSql(column), [id])
  return rows.map(overdueOf)
}
