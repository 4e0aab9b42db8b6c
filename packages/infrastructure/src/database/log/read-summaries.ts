import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import type { Database } from '../connection/open-database.ts'
import { waitColumns, waitJoins, waitOf, type WaitRow } from './wait-sql.ts'

interface ListedRow extends WaitRow {
  id: string
  created_at: Date
  state: DeliveryState
  ghost_vid: string
  identified_user: string | null
  site_id: number
  webhook_type: WebhookType
  receiver_host: string
  destination_id: string | null
  destination_name: string | null
  attempts: number
  delivered_at: Date | null
  next_attempt_at: Date | null
  last_cause: string | null
  last_message: string | null
  last_response_status: number | null
  failure: string | null
  recovered_by: string | null
  operation_id: string | null
  sample: boolean
  alert_rule_id: string | null
}

const summarySql = `
  select
    d.id,
    d.created_at,
    d.state,
    d.ghost_vid,
    v.identified_user_id as identified_user,
    d.site_id,
    d.webhook_type,
    d.receiver_host,
    d.destination_id,
    t.name as destination_name,
    d.attempts,
    d.delivered_at,
    d.next_attempt_at,
    ${waitColumns},
    d.last_cause,
    d.last_message,
    d.last_response_status,
    d.failure,
    d.recovered_by,
    d.operation_id,
    d.sample,
    d.alert_rule_id
  from deliveries d
  left join destinations t on t.id = d.destination_id
  left join visitors v on v.id = d.visitor_id
  ${waitJoins}
  where d.id = any($1::uuid[])
  order by d.id desc`

/** Reads lines of the log by their ids, newest first. */
export async function readSummaries(
  { pool }: Pick<Database, 'pool'>,
  ids: readonly string[],
): Promise<DeliverySummary[]> {
  if (ids.length === 0) return []
  const { rows } = await pool.query<ListedRow>({
    name: 'delivery-summaries',
    text: summarySql,
    values: [ids],
  })
  return rows.map(summaryOf)
}

function summaryOf(row: ListedRow): DeliverySummary {
  return {
    delivery_id: row.id,
    created_at: row.created_at.toISOString(),
    status: row.state,
    ghost_vid: row.ghost_vid,
    identified_user: row.identified_user,
    siteId: row.site_id,
    webhook_type: row.webhook_type,
    receiver: row.receiver_host,
    destination_id: row.destination_id,
    destination_name: row.destination_name,
    attempts: row.attempts,
    delivered_at: row.delivered_at?.toISOString() ?? null,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    wait: waitOf(row),
    last_error:
      row.last_cause === null
        ? null
        : {
            code: row.last_cause,
            message: row.last_message ?? '',
            response_status: row.last_response_status,
          },
    last_response_status: row.last_response_status,
    failure: row.failure,
    recovered_by: row.recovered_by,
    operation_id: row.operation_id,
    sample: row.sample,
    alert_rule_id: row.alert_rule_id,
  }
}
