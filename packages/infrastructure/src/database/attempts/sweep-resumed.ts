import type { DueDelivery } from '@ghostpost/delivery/deliver'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'
import type { Database } from '../connection/open-database.ts'

/** The destination or operation that was resumed. */
export type Pausable = { destinationId: string } | { operationId: string }

/** The rest needs no job: workers try paused deliveries again every few seconds. */
const sweptMax = 1_000

/** Marks the deliveries for the sweeper, too: a job is lost on a delivery that a worker has just delayed again. */
const sweepResumedSql = (column: 'destination_id' | 'operation_id'): string => `
  with resumed as (
    select id
    from deliveries
    where ${column} = $1
      and sweep_at is not null
      and state in ('queued', 'retrying')
      and next_attempt_at <= now()
    order by id
    limit ${sweptMax}
    for update skip locked
  )
  update deliveries d
  set sweep_at = now()
  from resumed
  where d.id = resumed.id
  returning ${dueDeliveryColumns('d')}`

/** Returns the oldest due deliveries of a resumed destination or operation, to be enqueued. */
export async function sweepResumed(
  { pool }: Pick<Database, 'pool'>,
  resumed: Pausable,
): Promise<DueDelivery[]> {
  const [column, id] =
    'destinationId' in resumed
      ? (['destination_id', resumed.destinationId] as const)
      : (['operation_id', resumed.operationId] as const)
  const { rows } = await pool.query<DueDeliveryRow>(sweepResumedSql(column), [id])
  return rows.map(dueDeliveryOfRow)
}
