import type { DeliveryState, DueDelivery, IdempotencyClaim } from '@ghostpost/delivery/deliver'
import type { DestinationState } from '@ghostpost/delivery/destinations'
import type { ReplayableDelivery, ReplayRefusal } from '@ghostpost/delivery/operations'
import type { AuditAction } from '@ghostpost/delivery/contract/audit'
import type { PoolClient } from 'pg'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from '../attempts/due-delivery.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'
import { settleKey, takeKey } from './replay-key.ts'

/** The manual actions on one delivery: resend it, make a new one from it, or cancel it. */

/** A manual action: its statement and its audit entry. */
interface ManualAction {
  action: AuditAction
  sql: string
  values: readonly unknown[]
}

/** Decides whether the delivery may be sent again; null: it may. */
type JudgeReplay = (delivery: ReplayableDelivery) => ReplayRefusal | null

export type ReplayResult =
  | { kind: 'due'; due: DueDelivery }
  | { kind: 'refused'; refusal: ReplayRefusal; state: DeliveryState }
  | { kind: 'not_found' }
  /** An earlier request had the same idempotency key. */
  | { kind: 'repeated'; deliveryId: string }
  | { kind: 'idempotency_conflict' }

/** What both ways of sending a delivery again have in common. */
export interface ReplayInput {
  id: string
  judge: JudgeReplay
  sweepAfterMs: number
  /** Null without an idempotency key. */
  idempotency: IdempotencyClaim | null
}

/** Starts a new series of attempts of the same delivery, which sends the stored payload under the same id. */
const resendSql = `
  update deliveries d
  set
    state = 'queued',
    series_start = attempts,
    next_attempt_at = now(),
    finished_at = null,
    delivered_at = null,
    recovered_by = null,
    sweep_at = now() + $2 * interval '1 ms',
    operation_id = null,
    request_id = $3
  where id = $1
    and state in ('delivered', 'failed', 'cancelled')
    and erased_at is null
    and exists (select from payloads p where p.delivery_id = d.id)
  returning ${dueDeliveryColumns('d')}`

/** Makes a finished delivery due again, if `judge` lets it. */
export function resendDelivery(
  database: Pick<Database, 'pool'>,
  input: ReplayInput,
  actor: Actor,
): Promise<ReplayResult> {
  const values = [input.id, input.sweepAfterMs, actor.requestId]
  return runReplay(database, input, { action: 'delivery.resent', sql: resendSql, values }, actor)
}

const cancelSql = `
  with cancelled as (
    update deliveries d
    set
      state = 'cancelled',
      next_attempt_at = null,
      sweep_at = null,
      finished_at = now()
    where id = $1
      and state in ('queued', 'retrying')
    returning ${dueDeliveryColumns('d')}
  ), counted as (
    update operation_items i
    set
      outcome = 'cancelled',
      reason = 'by_hand'
    from cancelled c
    where i.delivery_id = c.id
      and i.operation_id = c.operation_id
      and i.outcome = 'waiting'
  )
  select *
  from cancelled`

/**
 * Cancels a waiting delivery. Returns the delivery, which is not due any more; null when it is finished or a worker is
 * attempting it.
 */
export function cancelDelivery(
  database: Pick<Database, 'pool'>,
  id: string,
  actor: Actor,
): Promise<DueDelivery | null> {
  const action = { action: 'delivery.cancelled', sql: cancelSql, values: [id] } as const
  return inTransaction(database, (client) => runAction(client, action, actor))
}

/** Makes a new delivery for the same visitor and target. A worker builds its payload unless `$5` gives one. */
const copySql = `
  with made as (
    insert into deliveries (
      id,
      site_id,
      visitor_id,
      ghost_vid,
      webhook_type,
      receiver_url,
      receiver_url_sealed,
      receiver_scheme,
      receiver_host,
      webhook_key,
      destination_id,
      sample,
      include_journey,
      include_events,
      requested_by,
      sweep_at,
      request_id,
      made_from
    )
    select
      $1,
      site_id,
      visitor_id,
      ghost_vid,
      webhook_type,
      receiver_url,
      receiver_url_sealed,
      receiver_scheme,
      receiver_host,
      webhook_key,
      destination_id,
      sample,
      include_journey,
      include_events,
      $3,
      now() + $4 * interval '1 ms',
      $6,
      id
    from deliveries
    where id = $2
      and erased_at is null
    returning *
  ), edited as (
    insert into payloads (delivery_id, body)
    select
      id,
      $5
    from made
    where $5::text is not null
  )
  select ${dueDeliveryColumns('m')}
  from made m`

export interface CopyInput extends ReplayInput {
  newId: string
  /** The body to send; null to build a new one. */
  payload: string | null
}

/** Makes a new delivery from the one with this id, if `judge` lets it. */
export function copyDelivery(
  database: Pick<Database, 'pool'>,
  input: CopyInput,
  actor: Actor,
): Promise<ReplayResult> {
  const { newId, id, sweepAfterMs, payload } = input
  const action = payload === null ? 'delivery.re_exported' : 'delivery.edited'
  const values = [newId, id, actor.userId, sweepAfterMs, payload, actor.requestId]
  return runReplay(database, input, { action, sql: copySql, values }, actor)
}

/**
 * Whoever deletes a payload, erases a visitor or sends a delivery again holds this lock. A statement that begins after
 * it is granted sees what they did.
 */
const lockDeliverySql = 'select from deliveries where id = $1 for update'
/** An erasure deletes the visitor first, and then looks for its deliveries. */
const lockVisitorSql = `
  select
  from visitors v
  join deliveries d on d.visitor_id = v.id
  where d.id = $1
  for key share of v`

/** Judges and acts on a locked delivery. Changes nothing unless the result is `due`. */
async function runReplay(
  database: Pick<Database, 'pool'>,
  { id, judge, idempotency }: ReplayInput,
  action: ManualAction,
  actor: Actor,
): Promise<ReplayResult> {
  return inTransaction(database, async (client): Promise<ReplayResult> => {
    await client.query(lockVisitorSql, [id])
    if ((await client.query(lockDeliverySql, [id])).rowCount === 0) return { kind: 'not_found' }
    if (idempotency !== null) {
      const earlier = await takeKey(client, actor.userId, idempotency, id)
      if (earlier !== null) return earlier
    }
    const delivery = await findReplayable({ pool: client }, id)
    const refusal = delivery && judge(delivery)
    const due = delivery && refusal === null ? await runAction(client, action, actor) : null
    if (idempotency !== null) await settleKey(client, actor.userId, idempotency, due?.deliveryId ?? null)
    if (due) return { kind: 'due', due }
    if (delivery === null) return { kind: 'not_found' }
    return { kind: 'refused', refusal: refusal ?? 'visitor_gone', state: delivery.state }
  })
}

async function runAction(
  client: PoolClient,
  { action, sql, values }: ManualAction,
  actor: Actor,
): Promise<DueDelivery | null> {
  const { rows } = await client.query<DueDeliveryRow>(sql, [...values])
  const row = rows[0]
  if (!row) return null
  await writeAudit(client, actor, {
    action,
    siteId: row.site_id,
    objectType: 'delivery',
    objectId: row.id,
  })
  return dueDeliveryOfRow(row)
}

interface ReplayableRow {
  state: DeliveryState
  has_payload: boolean
  has_visitor: boolean
  target: DestinationState | 'none'
}

const replayableSql = `
  select
    d.state,
    d.erased_at is null and exists (select from payloads p where p.delivery_id = d.id) as has_payload,
    d.sample or exists (select from visitors v where v.id = d.visitor_id) as has_visitor,
    case
      when t.id is not null then t.state
      when coalesce(d.receiver_url, d.receiver_url_sealed::text) is not null then 'enabled'
      else 'none'
    end as target
  from deliveries d
  left join destinations t on t.id = d.destination_id
  where d.id = $1`

/** Reads the facts for `resendRefusal`; null when there is no such delivery. The caller checks the user's access. */
export async function findReplayable(
  { pool }: { pool: Pick<PoolClient, 'query'> },
  id: string,
): Promise<ReplayableDelivery | null> {
  const { rows } = await pool.query<ReplayableRow>(replayableSql, [id])
  const row = rows[0]
  return row
    ? { state: row.state, hasPayload: row.has_payload, hasVisitor: row.has_visitor, target: row.target }
    : null
}
