import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { ErasedView } from '@ghostpost/delivery/contract/visitor'
import type { PoolClient } from 'pg'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'
import { erasedVid, eraseMentions } from './erase-mentions.ts'
import { digestOfVisitor, suppressVisitor } from './suppress-visitor.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { visitorWordsSql } from '../log/visitor-words.ts'

/** A delivery that a worker has claimed is not cancelled: its attempt finishes and stores no personal data. */
const cancellable: readonly DeliveryState[] = ['queued', 'retrying']

interface DeletedProfileRow {
  identifiedUser: string | null
  words: string[]
}

const deleteProfileSql = `
  delete from visitors v
  where site_id = $1
    and ghost_vid = $2
  returning
    identified_user_id as "identifiedUser",
    tsvector_to_array(${visitorWordsSql}) as words`

interface DeliveryRow {
  id: string
  state: DeliveryState
}

// The lock waits for attempts that are being recorded, so that the statements after it see all rows.
const lockDeliveriesSql = `
  select
    id,
    state
  from deliveries
  where site_id = $1
    and ghost_vid = $2
    and not sample
    and alert_rule_id is null
  order by id
  for update`

const deletePayloadsSql = 'delete from payloads where delivery_id = any($1)'

const redactAttemptsSql = `
  update attempts set
    response_body = null,
    response_headers = null,
    request_headers = null,
    request_body = null,
    receipt = null,
    record = null,
    omitted_fields = null,
    message = case when message is not null then 'Erased with the visitor.' end
  where delivery_id = any($1)`

const deleteIdempotencyKeysSql = 'delete from idempotency_keys where delivery_id = any($1)'

// A worker that sends one of these deliveries now stores no personal data once `erased_at` is set.
const redactDeliveriesSql = `
  update deliveries set
    ghost_vid = '${erasedVid}',
    visitor_id = 0,
    erased_at = now(),
    last_message = case when last_message is not null then 'Erased with the visitor.' end,
    state = case when state = any($2) then 'cancelled' else state end,
    finished_at = case when state = any($2) then now() else finished_at end,
    next_attempt_at = case when state = any($2) then null else next_attempt_at end,
    sweep_at = case when state = any($2) then null else sweep_at end
  where id = any($1)`

const eraseIdInLedgersSql = `
  update operation_items i set
    ghost_vid = '${erasedVid}'
  from operations o
  where o.id = i.operation_id
    and o.site_id = $1
    and i.ghost_vid = $2`

// The operation counts the outcomes of its members.
const cancelMembersSql = `
  update operation_items set
    outcome = 'cancelled',
    reason = 'visitor_erased'
  where delivery_id = any($1)
    and outcome = 'waiting'`

/**
 * Erases a visitor: deletes the profile, and removes from the visitor's deliveries all personal data and the
 * visitor's ids. Cancels waiting deliveries. The deliveries stay with their time, receiver and outcome, because
 * statistics and operations count them. Suppresses the visitor, who does not come back by any way in. Safe to repeat.
 */
export async function eraseVisitor(
  database: Database,
  { siteId, ghostVid }: { siteId: number; ghostVid: string },
  actor: Actor,
): Promise<ErasedView> {
  return inTransaction(database, async (client) => {
    const isOnlyReserved = await suppressVisitor(client, siteId, ghostVid)
    const profile = await client.query<DeletedProfileRow>(deleteProfileSql, [siteId, ghostVid])
    const { rows } = await client.query<DeliveryRow>(lockDeliveriesSql, [siteId, ghostVid])
    const waiting = rows.filter(({ state }) => cancellable.includes(state))
    const erased: ErasedView = {
      profile: profile.rows.length > 0 && !isOnlyReserved,
      ...(await eraseDeliveries(client, rows.map(idOf))),
      deliveries: rows.length,
      cancelled: waiting.length,
      in_flight: rows.filter(({ state }) => state === 'delivering').length,
    }
    await client.query(cancelMembersSql, [waiting.map(idOf)])
    await client.query(eraseIdInLedgersSql, [siteId, ghostVid])
    const { identifiedUser, words } = profile.rows[0] ?? { identifiedUser: null, words: [] }
    await eraseMentions(client, { siteId, ghostVid, identifiedUser, words })
    const objectId = digestOfVisitor(siteId, ghostVid)
    const object = { objectType: 'visitor', objectId } as const
    await writeAudit(client, actor, { action: 'visitor.erased', siteId, ...object, details: erased })
    return erased
  })
}

const idOf = ({ id }: DeliveryRow): string => id

async function eraseDeliveries(
  client: PoolClient,
  ids: readonly string[],
): Promise<Pick<ErasedView, 'payloads' | 'attempts' | 'idempotency_keys'>> {
  if (ids.length === 0) return { payloads: 0, attempts: 0, idempotency_keys: 0 }
  const erased = {
    payloads: await count(client, deletePayloadsSql, [ids]),
    attempts: await count(client, redactAttemptsSql, [ids]),
    idempotency_keys: await count(client, deleteIdempotencyKeysSql, [ids]),
  }
  await client.query(redactDeliveriesSql, [ids, cancellable])
  return erased
}

async function count(client: PoolClient, sql: string, values: unknown[]): Promise<number> {
  return (await client.query(sql, values)).rowCount ?? 0
}
