import { countsOf, progressOf, secondsLeft } from '@ghostpost/delivery/operations'
import type { OperationItem, OperationView } from '@ghostpost/delivery/contract/operations'
import type { ReadLists } from '../connection/list-reader.ts'
import type { Database } from '../connection/open-database.ts'
import type { Operation } from '../generated/client.ts'
import { tallyOf } from './operation-tally.ts'

/** One operation; null when it does not exist. The caller has checked that the user may see it. */
export async function findOperation(
  database: Pick<Database, 'prisma' | 'pool'>,
  id: string,
): Promise<OperationView | null> {
  const row = await database.prisma.operation.findUnique({ where: { id } })
  return row && viewOf(database, row)
}

export interface OperationPage {
  items: OperationView[]
  next: string | null
}

const pageSize = 20

/** A site's operations, newest first, without plans that were not started. */
export async function listOperations(
  database: Pick<Database, 'prisma' | 'pool'>,
  siteId: number,
  cursor: string | null,
): Promise<OperationPage> {
  const rows = await database.prisma.operation.findMany({
    where: { siteId, startedAt: { not: null }, ...(cursor !== null && { id: { lt: cursor } }) },
    orderBy: { id: 'desc' },
    take: pageSize + 1,
  })
  const items = await Promise.all(rows.slice(0, pageSize).map((row) => viewOf(database, row)))
  return { items, next: rows.length > pageSize ? (items.at(-1)?.operation_id ?? null) : null }
}

async function viewOf(database: Pick<Database, 'prisma' | 'pool'>, row: Operation): Promise<OperationView> {
  const [{ outcomes, skips, failedInto }, user] = await Promise.all([
    tallyOf(database, row),
    database.prisma.user.findUnique({ where: { id: row.createdBy }, select: { email: true } }),
  ])
  const state = row.state as OperationView['state']
  const counts = countsOf({ ...row, state, outcomes })
  return {
    operation_id: row.id,
    siteId: row.siteId,
    kind: row.kind as OperationView['kind'],
    state,
    state_reason: row.stateReason,
    reason: row.reason,
    filter: row.selection as Record<string, unknown>,
    destination_id: row.destinationId,
    include_recovered: row.includeRecovered,
    rate: row.rate,
    canary: row.canary as OperationView['canary'],
    counts,
    skipped_because: skips,
    failed_into: failedInto,
    watermark: {
      at: row.watermark.toISOString(),
      note: 'The operation includes nothing made later than this.',
    },
    progress: progressOf(counts),
    seconds_left: secondsLeft(row, state, row.rate),
    created_by: user?.email ?? '',
    created_at: row.createdAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  }
}

export interface ItemPage {
  items: OperationItem[]
  next: string | null
}

/** A line of the ledger with the receiver and its last response. */
export interface ExportedItem extends OperationItem {
  identified_user: string | null
  receiver: string | null
  error_message: string | null
  response_status: number | null
}

const exportItemsSql = `
  select
    i.number,
    i.ghost_vid,
    v.identified_user_id as identified_user,
    i.outcome,
    i.reason,
    d.last_message as error_message,
    d.last_response_status as response_status,
    d.receiver_host as receiver,
    i.delivery_id,
    i.source_delivery_id
  from operation_items i
  left join deliveries d on d.id = coalesce(i.delivery_id, i.source_delivery_id)
  left join visitors v on v.id = d.visitor_id
  where i.operation_id = $1
    and i.number > $2
    and ($3::text is null or i.outcome = $3)
  order by i.number
  limit $4`

const exportPageSize = 500

/** The whole ledger in pages, so that an export of any length needs bounded memory. */
export async function* everyItem(
  read: ReadLists,
  operationId: string,
  outcome: string | null,
): AsyncGenerator<readonly ExportedItem[]> {
  let last = 0
  for (;;) {
    const values = [operationId, last, outcome, exportPageSize]
    const { rows } = await read(({ pool }) => pool.query<ExportedItem>(exportItemsSql, values))
    if (rows.length > 0) yield rows
    if (rows.length < exportPageSize) return
    last = rows.at(-1)?.number ?? last
  }
}

const listItemsSql = `
  select
    i.number,
    i.delivery_id,
    i.source_delivery_id,
    i.ghost_vid,
    v.identified_user_id as identified_user,
    i.outcome,
    i.reason
  from (
    select *
    from operation_items
    where operation_id = $1
      and number > $2
      and ($3::text is null or outcome = $3)
    order by number
    limit $4
  ) i
  join operations o on o.id = i.operation_id
  left join visitors v on v.site_id = o.site_id and v.ghost_vid = i.ghost_vid
  order by i.number`

/** A page of the ledger, in the order in which the members were started. */
export async function listItems(
  { pool }: Pick<Database, 'pool'>,
  operationId: string,
  { outcome, cursor, limit }: { outcome: string | null; cursor: string | null; limit: number },
): Promise<ItemPage> {
  const values = [operationId, Number(cursor ?? 0), outcome, limit + 1]
  const { rows } = await pool.query<OperationItem>(listItemsSql, values)
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? String(items.at(-1)?.number ?? '') : null }
}
