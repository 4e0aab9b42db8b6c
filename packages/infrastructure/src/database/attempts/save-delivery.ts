import type { IdempotencyClaim, NewDelivery, SaveResult } from '@ghostpost/delivery/deliver'
import { storedReceiverUrl, type StoredReceiverUrl } from '../../secrets/receiver-url.ts'
import type { Sealer } from '../../secrets/sealer.ts'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import { byKey } from '../connection/look-ups.ts'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'
import type { Caller } from '../upkeep/audit-log.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'

/** How long the same idempotency key means the same request. */
export const idempotencyHours = 24

/** A delivery to save and the API call that requested it. */
interface NewDeliveryRow {
  delivery: NewDelivery
  url: StoredReceiverUrl
  /** Null when no person requested it. */
  caller: Caller | null
}

/** The columns of a new delivery. */
const columns: readonly RowColumn<NewDeliveryRow>[] = [
  ['id', 'uuid', ({ delivery }) => delivery.id],
  ['site_id', 'int', ({ delivery }) => delivery.siteId],
  ['ghost_vid', 'text', ({ delivery }) => delivery.ghostVid],
  ['webhook_type', 'text', ({ delivery }) => delivery.webhookType],
  ['receiver_url', 'text', ({ url }) => url.clear],
  ['receiver_url_sealed', 'bytea', ({ url }) => url.sealed],
  ['receiver_host', 'text', ({ delivery }) => delivery.receiverHost],
  ['receiver_scheme', 'text', ({ delivery }) => delivery.receiverScheme],
  ['webhook_key', 'text', ({ delivery }) => delivery.webhookKey],
  ['destination_id', 'uuid', ({ delivery }) => delivery.destinationId],
  ['include_journey', 'bool', ({ delivery }) => delivery.includeJourney],
  ['include_events', 'bool', ({ delivery }) => delivery.includeEvents],
  ['sample', 'bool', ({ delivery }) => delivery.sample],
  ['requested_by', 'uuid', ({ delivery }) => delivery.requestedBy],
  ['request_id', 'text', ({ caller }) => caller?.requestId],
]
const columnNames = columns.map(([name]) => name).join(',\n      ')
/** The columns, and what goes into the audit log: the caller's address and API key. */
const parameterColumns: readonly RowColumn<NewDeliveryRow>[] = [
  ...columns,
  ['ip', 'text', ({ caller }) => caller?.ip],
  ['api_key_id', 'uuid', ({ caller }) => caller?.apiKey?.id],
  ['api_key_name', 'text', ({ caller }) => caller?.apiKey?.name],
]

/**
 * Finds out for each new delivery whether the user may use the site and which visitor is meant. A sample belongs to no
 * visitor: no visitor has the id 0. The lock keeps an erasure from ending before it sees the new delivery. A visitor
 * that is being deleted is not found: a wait would delay the other deliveries of the batch.
 */
const requestedSql = (first: number): string => `
  requested as (
    select
      w.*,
      m.site_id is not null as reachable,
      case
        when w.sample and m.site_id is not null then 0
        else (
          select v.id
          from visitors v
          ${byKey('v.ghost_vid', 'w.ghost_vid', [['v.site_id', 'm.site_id']])}
          for key share skip locked
        )
      end as visitor_id
    from ${rowsSql(parameterColumns, 'w', first)}
    left join lateral (
      select site_id
      from memberships
      ${byKey('user_id', 'w.requested_by', [['site_id', 'w.site_id']])}
    ) m on true
  )`

/** Inserts the requested deliveries for which `where` holds, and an audit entry for each that a person requested. */
const insertSql = (where: string): string => `
  saved as (
    insert into deliveries (
      ${columnNames},
      visitor_id,
      sweep_at
    )
    select
      ${columnNames},
      visitor_id,
      now() + $1 * interval '1 ms'
    from requested
    where ${where}
    returning *
  ), audited as (
    insert into audit_log (
      user_id,
      site_id,
      action,
      object_type,
      object_id,
      request_id,
      ip,
      api_key_id,
      api_key_name,
      details
    )
    select
      s.requested_by,
      s.site_id,
      case when s.sample then 'destination.tested' else 'visitor.exported' end,
      'delivery',
      s.id,
      s.request_id,
      r.ip,
      r.api_key_id,
      r.api_key_name,
      jsonb_build_object(
        'webhook_type', s.webhook_type,
        'receiver_host', s.receiver_host,
        'destination_id', s.destination_id
      )
    from saved s
    join requested r using (id)
    where s.request_id is not null
  )
  select
    r.id as requested_id,
    r.reachable,
    r.visitor_id is not null as found,
    ${dueDeliveryColumns('s')}
  from requested r
  left join saved s using (id)`

const saveSql = `with ${requestedSql(2)}, ${insertSql('visitor_id is not null')}`

/**
 * One statement, so one transaction. A key younger than 24 h stays with its delivery; then nothing is inserted. An
 * older key moves to the new delivery.
 */
const saveOnceSql = `
  with ${requestedSql(4)}, claimed_key as (
    insert into idempotency_keys as k (user_id, key, request_digest, delivery_id)
    select
      requested_by,
      $2,
      $3,
      id
    from requested
    where visitor_id is not null
    on conflict (user_id, key) do update
      set
        request_digest = excluded.request_digest,
        delivery_id = excluded.delivery_id,
        created_at = now(),
        answer_status = null,
        answer_body = null
      where k.created_at < now() - interval '${idempotencyHours} hours'
    returning 1
  ), ${insertSql('exists (select from claimed_key)')}`

/** The columns of the due delivery are null when it was not saved. */
interface SaveResultRow extends Omit<DueDeliveryRow, 'id'> {
  requested_id: string
  reachable: boolean
  found: boolean
  id: string | null
}

/** @param caller the API call, for the audit log; null when no person requested the delivery */
export type SaveWithCaller = (delivery: NewDelivery, caller?: Caller | null) => Promise<SaveResult>

/**
 * Saves deliveries. A site to which the user has no access has the same result as one that does not exist.
 * @param sealer seals the URLs of single exports; without a key they are stored in clear text
 * @param sweepAfterMs how long after saving the sweeper checks whether the queue lost the delivery
 */
export function saveDelivery({ pool }: Database, sealer: Sealer, sweepAfterMs: number): SaveWithCaller {
  const save = batchStatements(async (newRows: readonly NewDeliveryRow[]) => {
    const values = [sweepAfterMs, ...rowsValues(parameterColumns, newRows)]
    const { rows } = await pool.query<SaveResultRow>({ name: 'save-deliveries', text: saveSql, values })
    const byId = new Map(rows.map((row) => [row.requested_id, row]))
    return newRows.map(({ delivery }) => byId.get(delivery.id))
  })
  const saveOnce = async (
    newRow: NewDeliveryRow,
    { key, requestDigest }: IdempotencyClaim,
  ): Promise<SaveResult> => {
    const values = [sweepAfterMs, key, requestDigest, ...rowsValues(parameterColumns, [newRow])]
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
    if (saved === null) throw new Error('the save statement neither saved nor refused the delivery')
    return saved
  }
}

/** Null when an earlier delivery has the idempotency key. */
function savedOf(row: SaveResultRow | undefined): SaveResult | null {
  if (!row?.reachable) return { kind: 'site_not_found' }
  if (!row.found) return { kind: 'visitor_not_found' }
  const { id } = row
  return id === null ? null : { kind: 'saved', due: dueDeliveryOfRow({ ...row, id }) }
}

async function findByIdempotencyKey(
  { pool }: Pick<Database, 'pool'>,
  userId: string,
  { key, requestDigest }: IdempotencyClaim,
): Promise<SaveResult> {
  const { rows } = await pool.query<{ delivery_id: string; request_digest: string }>(
    `select
       delivery_id,
       request_digest
     from idempotency_keys
     where user_id = $1
       and key = $2`,
    [userId, key],
  )
  const row = rows[0]
  if (!row || row.request_digest !== requestDigest) return { kind: 'idempotency_conflict' }
  return { kind: 'already_saved', deliveryId: row.delivery_id }
}
