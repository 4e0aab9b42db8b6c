import { dueDeliveryOf, type DueDelivery } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'

/** The columns of `dueDeliveryColumns`. */
export interface DueDeliveryRow {
  id: string
  site_id: number
  webhook_type: WebhookType
  destination_id: string | null
  receiver_host: string
  webhook_key: string | null
  operation_id: string | null
  attempts: number
  series_start: number
}

/**
 * SQL of the columns that every statement returns that makes a delivery due.
 * @param table the table or its alias
 */
export function dueDeliveryColumns(table: string): string {
  return `${table}.id,
    ${table}.site_id,
    ${table}.webhook_type,
    ${table}.destination_id,
    ${table}.receiver_host,
    ${table}.webhook_key,
    ${table}.operation_id,
    ${table}.attempts,
    ${table}.series_start`
}

export function dueDeliveryOfRow(row: DueDeliveryRow): DueDelivery {
  return dueDeliveryOf({
    deliveryId: row.id,
    siteId: row.site_id,
    webhookType: row.webhook_type,
    destinationId: row.destination_id,
    receiverHost: row.receiver_host,
    webhookKey: row.webhook_key,
    operationId: row.operation_id,
    attemptsMade: row.attempts,
    seriesStart: row.series_start,
  })
}
