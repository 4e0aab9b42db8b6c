import { randomUUIDv7 } from 'node:crypto'
import {
  alertVid,
  emailBounds,
  emailsBoundedError,
  type AlertTarget,
  type EmailBound,
  type NewAlert,
  type SavedAlert,
} from '@ghostpost/delivery/alerts'
import { dueDeliveryOf, type DueDelivery } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { PoolClient } from 'pg'
import { countEmails } from './count-emails.ts'
import type { AlertRuleRow } from './watched-rule.ts'

export interface SaveAlertOptions {
  /** Id of the user whom the log shows as the requester. */
  requestedBy: string
  sweepAfterMs: number
  /** How long no worker claims the e-mail, in milliseconds. */
  emailInMs: number
  /** The caller has counted the e-mail, and it is within its bounds. */
  isCounted?: boolean
}

interface TargetRow {
  site_id: number
  webhook_type: WebhookType
  receiver_host: string
}

const lockTargetSql = `
  select
    site_id,
    webhook_type,
    receiver_host
  from destinations
  where id = $1
  for key share`

/** The destination that a rule notifies, which nobody can delete before the transaction ends; null without one. */
export async function lockTarget(
  client: PoolClient,
  { destination_id: destinationId }: AlertRuleRow,
): Promise<AlertTarget | null> {
  if (destinationId === null) return null
  const { rows } = await client.query<TargetRow>(lockTargetSql, [destinationId])
  const row = rows[0]
  if (!row) return null
  return {
    destinationId,
    siteId: row.site_id,
    webhookType: row.webhook_type,
    receiverHost: row.receiver_host,
  }
}

// A delivery of an alert has no visitor: its payload is stored with it.
const saveDeliverySql = `
  with new_delivery as (
    insert into deliveries (
      id,
      site_id,
      visitor_id,
      ghost_vid,
      webhook_type,
      receiver_host,
      receiver_scheme,
      destination_id,
      include_journey,
      include_events,
      requested_by,
      sweep_at,
      alert_rule_id
    )
    select
      $1,
      t.site_id,
      0,
      '${alertVid}',
      t.webhook_type,
      t.receiver_host,
      t.receiver_scheme,
      t.id,
      false,
      false,
      $3,
      now() + $4 * interval '1 ms',
      $5
    from destinations t
    where t.id = $2
    returning id
  )
  insert into payloads (delivery_id, body)
  select
    id,
    $6
  from new_delivery`

const saveAlertSql = `
  insert into alerts (
    id,
    rule_id,
    phase,
    subject,
    body,
    delivery_id,
    email_to,
    email_state,
    email_due_at,
    email_error
  )
  values (
    $1,
    $2,
    $3,
    $4,
    $5,
    $6,
    $7::text[],
    $8,
    now() + $9 * interval '1 ms',
    $10
  )`

function newDelivery(target: AlertTarget): DueDelivery {
  const counts = { attemptsMade: 0, seriesStart: 0 }
  return dueDeliveryOf({
    ...target,
    ...counts,
    deliveryId: randomUUIDv7(),
    operationId: null,
    webhookKey: null,
  })
}

/** Stores an alert, and its delivery if it has one, in the caller's transaction. */
export async function saveAlert(
  client: PoolClient,
  rule: AlertRuleRow,
  { phase, email, delivery }: NewAlert,
  options: SaveAlertOptions,
): Promise<SavedAlert> {
  const { requestedBy, sweepAfterMs } = options
  const saved = delivery && newDelivery(delivery.target)
  if (saved) {
    const { deliveryId, destinationId } = saved
    const values = [deliveryId, destinationId, requestedBy, sweepAfterMs, rule.id, delivery.payload]
    await client.query(saveDeliverySql, values)
  }
  const alertId = randomUUIDv7()
  const { subject, body } = email
  const sending = await planEmail(client, rule, options)
  const content = [alertId, rule.id, phase, subject, body, saved?.deliveryId ?? null, rule.email_to]
  await client.query(saveAlertSql, [...content, sending.state, sending.inMs, sending.error])
  return { alertId, delivery: saved, emails: sending.state === 'waiting' ? rule.email_to.length : 0 }
}

interface PlannedEmail {
  state: 'waiting' | 'failed' | null
  /** Null when it is not sent. */
  inMs: number | null
  error: string | null
}

/** Whether the alert goes by e-mail. Beyond the bounds it does not: the log and the rule still show the alert. */
async function planEmail(
  client: PoolClient,
  rule: AlertRuleRow,
  { isCounted = false, emailInMs }: SaveAlertOptions,
): Promise<PlannedEmail> {
  if (rule.email_to.length === 0) return { state: null, inMs: null, error: null }
  const isWithin = isCounted || (await countEmails(client, emailBoundsOf(rule)))
  return isWithin
    ? { state: 'waiting', inMs: emailInMs, error: null }
    : { state: 'failed', inMs: null, error: emailsBoundedError }
}

/** The bounds on the e-mails of a rule. */
export function emailBoundsOf({ id, site_id: siteId, email_to: emailTo }: AlertRuleRow): EmailBound[] {
  return emailBounds({ id, siteId }, emailTo.length)
}
