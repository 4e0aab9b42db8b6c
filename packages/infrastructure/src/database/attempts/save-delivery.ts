import type { IdempotencyClaim, NewDelivery, SaveResult } from '@ghostpost/delivery/deliver'
import { storedReceiverUrl } from '../../secrets/receiver-url.ts'
import type { Sealer } from '../../secrets/sealer.ts'
import type { Caller } from '../upkeep/audit-log.ts'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import {
  newDeliveryColumns,
  newDeliveryRowsSql,
  newDeliveryRowsValues,
  type NewDeliveryRow,
} from './new-delivery-rows.ts'

/** How long the same idempotency key means the same request. */
export const idempotencyHours = 24

/** A sample is of nobody: no visitor has the id 0. */
const requestedSql = (first: number): string => `
  wanted as (
    select w.*, m.site_id is not null as reachable, case when sample and m.site_id is not null then 0 else (
      select v.id from visitors v where v.site_id = m.site_id and v.ghost_vid = w.ghost_vid) end as visitor_id
    from ${newDeliveryRowsSql(first)} left join memberships m on m.user_id = w.requested_by and m.site_id = w.site_id
  )`

// What a person had done is written down with it.
const insertSql = (where: string): string => `
  saved as (
    insert into deliveries (${newDeliveryColumns}, visitor_id, sweep_at)
    select ${newDeliveryColumns}, visitor_id, now() + $1 * interval '1 ms' from wanted where ${where} returning *
  ), audited as (
    insert into audit_log (user_id, site_id, action, object_type, object_id, request_id, ip, details)
    select s.requested_by, s.site_id, case when s.sample then 'destination.tested' else 'visitor.exported' end, 'delivery',
      s.id, s.request_id, w.ip, jsonb_build_object('webhook_type', s.webhook_type, 'receiver_host', s.receiver_host,
      'destination_id', s.destination_id)
    from saved s join wanted w using (id) where s.request_id is not null
  )
  select w.id, w.reachable, w.visitor_id is not null as found, s.id is not null as saved
  from wanted w left join saved s using (id)`

const saveSql = `with ${requestedSql(2)}, ${insertSql('visitor_id is not null')}`

// One statement, so one transaction. A key younger than 24 h keeps its delivery and nothing is inserted.
const saveOnceSql = `
  with ${requestedSql(4)}, kept as (
    insert into idempotency_keys as k (user_id, key, request_digest, delivery_id)
    select requested_by, $2, $3, id from wanted where visitor_id is not null
    on conflict (user_id, key) do update
      set request_digest = excluded.request_digest, delivery_id = excluded.delivery_id,
          created_at = now(), answer_status = null, answer_body = null
      where k.created_at < now() - interval '${idempotencyHours} hours'
    returning 1
  ), ${insertSql('exists (select from kept)')}`

interface SaveResultRow {
  id: string
  reachable: boolean
  found: boolean
  saved: boolean
}

/** @param caller where the wish came from, for the audit log; null when no person made it */
export type SaveWithCaller = (delivery: NewDelivery, caller?: Caller | null) => Promise<SaveResult>

/**
 * Saves deliveries. To a user who may not reach a site it looks exactly like one that does not exist.
 * @param sealer of the URLs of single exports; without a key where they are stored as given
 * @param sweepAfterMs how long the queue may take before the sweeper looks whether it lost the delivery
 */
export function saveDelivery({ pool }: Database, sealer: Sealer, sweepAfterMs: number): SaveWithCaller {
  const save = batchStatements(async (newRows: readonly NewDeliveryRow[]) => {
    const values = [sweepAfterMs, ...newDeliveryRowsValues(newRows)]
    const { rows } = await pool.query<SaveResultRow>({ name: 'save-deliveries', text: saveSql, values })
    const byId = new Map(rows.map((row) => [row.id, row]))
    return newRows.map(({ delivery }) => byId.get(delivery.id))
  })
  const saveOnce = async (
    newRow: NewDeliveryRow,
    { key, requestDigest }: IdempotencyClaim,
  ): Promise<SaveResult> => {
    const values = [sweepAfterMs, key, requestDigest, ...newDeliveryRowsValues([newRow])]
    const { rows } = await pool.query<SaveResultRow>({ name: 'save-once', text: saveOnceSql, values })
    return (
      savedOf(rows[0]) ?? findByIdempotencyKey({ pool }, newRow.delivery.requestedBy, { key, requestDigest })
    )
  }
  return async (delivery, caller = null) => {
    const { siteId, receiverUrl, idempotency } = delivery
    const newRow = { delivery, url: storedReceiverUrl(sealer, siteId, receiverUrl), caller }
    if (idempotency !== null) return saveOnce(newRow, idempotency)
    const saved = savedOf(await save(newRow))
    if (saved === null) throw new Error('a delivery was neither saved nor refused')
    return saved
  }
}

/** Null when an earlier delivery has its idempotency key. */
function savedOf(row: SaveResultRow | undefined): SaveResult | null {
  if (!row?.reachable) return { kind: 'site_not_found' }
  if (!row.found) return { kind: 'visitor_not_found' }
  return row.saved ? { kind: 'saved' } : null
}

async function findByIdempotencyKey(
  { pool }: Pick<Database, 'pool'>,
  userId: string,
  { key, requestDigest }: IdempotencyClaim,
): Promise<SaveResult> {
  const { rows } = await pool.query<{ delivery_id: string; request_digest: string }>(
    'select delivery_id, request_digest from idempotency_keys where user_id = $1 and key = $2',
    [userId, key],
  )
  const row = rows[0]
  if (!row || row.request_digest !== requestDigest) return { kind: 'idempotency_conflict' }
  return { kind: 'already_saved', deliveryId: row.delivery_id }
}
