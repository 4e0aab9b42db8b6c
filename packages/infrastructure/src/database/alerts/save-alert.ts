import { randomUUIDv7 } from 'node:crypto'
import { alertEmail, alertPayload, alertVid, type AlertMessage } from '@ghostpost/delivery/alerts'
import { dueDeliveryOf, type DueDelivery } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { PoolClient } from 'pg'
import type { AlertRuleRow } from './alert-rule-row.ts'

/** An alert that was made durable: what is to be rung for, and told live. */
export interface SavedAlert {
  alertId: string
  /** Null when no destination is told, or it is gone. */
  delivery: DueDelivery | null
  emails: number
}

interface AlertNotification {
  message: AlertMessage
  at: Date
  /** Who is said to have asked for it in the log. */
  requestedBy: string
  sweepAfterMs: number
  /** How long others leave the e-mail alone, for who sends it at once. */
  emailInMs: number
}

// A delivery like any other, but for its payload, which is frozen as the alert was found.
const deliverySql = `
  with made as (
    insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_host, receiver_scheme, destination_id,
      include_journey, include_events, requested_by, sweep_at, alert_rule_id)
    select $1, t.site_id, 0, '${alertVid}', t.webhook_type, t.receiver_host, t.receiver_scheme, t.id, false, false, $3,
      now() + $4 * interval '1 ms', $5 from destinations t where t.id = $2
    returning id
  )
  insert into payloads (delivery_id, body) select id, $6 from made`

const alertSql = `
  insert into alerts (id, rule_id, phase, subject, body, delivery_id, email_to, email_state, email_due_at)
  values ($1, $2, $3, $4, $5, $6, $7::text[], case when cardinality($7::text[]) > 0 then 'waiting' end,
    case when cardinality($7::text[]) > 0 then now() + $8 * interval '1 ms' end)`

/** Makes an alert durable in the caller's transaction: as a delivery, as an e-mail to be sent, or both. */
export async function saveAlert(
  client: Pick<PoolClient, 'query'>,
  row: AlertRuleRow,
  notification: AlertNotification,
): Promise<SavedAlert> {
  const { message, emailInMs } = notification
  const delivery = await saveDelivery(client, row, notification)
  const alertId = randomUUIDv7()
  const { subject, body } = alertEmail(message)
  const values = [alertId, row.id, message.phase, subject, body, delivery?.deliveryId ?? null]
  await client.query(alertSql, [...values, row.email_to, emailInMs])
  return { alertId, delivery, emails: row.email_to.length }
}

async function saveDelivery(
  client: Pick<PoolClient, 'query'>,
  { id, destination_id }: AlertRuleRow,
  { message, at, requestedBy, sweepAfterMs }: AlertNotification,
): Promise<DueDelivery | null> {
  const { rows } = await client.query<{ webhook_type: WebhookType; receiver_host: string; site_id: number }>(
    'select webhook_type, receiver_host, site_id from destinations where id = $1 for key share',
    [destination_id],
  )
  const target = rows[0]
  if (!target || destination_id === null) return null
  const deliveryId = randomUUIDv7()
  const payload = JSON.stringify(alertPayload(target.webhook_type, message, at))
  await client.query(deliverySql, [deliveryId, destination_id, requestedBy, sweepAfterMs, id, payload])
  return dueDeliveryOf({
    deliveryId,
    siteId: target.site_id,
    webhookType: target.webhook_type,
    destinationId: destination_id,
    receiverHost: target.receiver_host,
    operationId: null,
    attemptsMade: 0,
    seriesStart: 0,
  })
}
