import type { DueDelivery } from '@ghostpost/delivery/deliver'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'
import type { Database } from '../connection/open-database.ts'

/** The destination, operation or ad-hoc receiver of a site that was resumed. */
export type Pausable = { destinationId: string } | { operationId: string } | AdHocReceiver

/** The ad-hoc URLs of a site that share a budget: those of a host, or of one webhook there. */
interface AdHocReceiver {
  siteId: number
  receiverHost: string
  webhookKey: string | null
}

/** The rest needs no job: workers try paused deliveries again every few seconds. */
const sweptMax = 1_000

/** Marks the deliveries for the sweeper, too: a job is lost on a delivery that a worker has just delayed again. */
const sweepResumedSql = (condition: string): string => `
  with resumed as (
    select id
    from deliveries
    where ${condition}
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

const ofAdHocReceiver = `site_id = $1
      and receiver_host = $2
      and webhook_key is not distinct from $3
      and destination_id is null`

/** Returns the oldest due deliveries of what was resumed, to be enqueued. */
export async function sweepResumed(
  { pool }: Pick<Database, 'pool'>,
  resumed: Pausable,
): Promise<DueDelivery[]> {
  const [condition, values] = selectionOf(resumed)
  const { rows } = await pool.query<DueDeliveryRow>(sweepResumedSql(condition), values)
  return rows.map(dueDeliveryOfRow)
}

function selectionOf(resumed: Pausable): [condition: string, values: unknown[]] {
  if ('destinationId' in resumed) return ['destination_id = $1', [resumed.destinationId]]
  if ('operationId' in resumed) return ['operation_id = $1', [resumed.operationId]]
  return [ofAdHocReceiver, [resumed.siteId, resumed.receiverHost, resumed.webhookKey]]
}
