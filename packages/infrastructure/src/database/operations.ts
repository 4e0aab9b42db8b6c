import type { OperationItem, OperationView } from '@ghostpost/delivery/contract'
import type { Operation } from './generated/client.ts'
import type { ReadLists } from './list-reads.ts'
import type { Database } from './open-database.ts'

type Counts = OperationView['counts']

/** One operation; null when there is none. The caller has checked that the user may see it. */
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

/** A site's operations, newest first; plans that were never run are left out. */
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
  const [counts, skipped, user] = await Promise.all([
    countItems(database, row),
    countSkips(database, row.id),
    database.prisma.user.findUnique({ where: { id: row.createdBy }, select: { email: true } }),
  ])
  const done = counts.delivered + counts.failed + counts.skipped + counts.cancelled
  const isOver = row.finishedAt !== null
  return {
    operation_id: row.id,
    siteId: row.siteId,
    kind: row.kind as OperationView['kind'],
    state: row.state as OperationView['state'],
    state_reason: row.stateReason,
    reason: row.reason,
    filter: row.selection as Record<string, unknown>,
    destination_id: row.destinationId,
    rate: row.rate,
    canary: row.canary as OperationView['canary'],
    counts,
    skipped_because: skipped,
    watermark: { at: row.watermark.toISOString(), note: 'Nothing made later than this is touched.' },
    progress:
      isOver && row.state === 'completed' ? 1 : row.matched === 0 ? 1 : Math.min(done / row.matched, 1),
    seconds_left: row.state === 'running' ? Math.max(row.matched - row.fed, 0) / row.rate : null,
    created_by: user?.email ?? '',
    created_at: row.createdAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  }
}

async function countItems({ pool }: Pick<Database, 'pool'>, row: Operation): Promise<Counts> {
  const { rows } = await pool.query<{ outcome: keyof Counts; count: number }>(
    'select outcome, count(*)::int as count from operation_items where operation_id = $1 group by outcome',
    [row.id],
  )
  const none = { waiting: 0, delivered: 0, failed: 0, skipped: 0, cancelled: 0 }
  return { matched: row.matched, ...none, ...Object.fromEntries(rows.map((one) => [one.outcome, one.count])) }
}

async function countSkips({ pool }: Pick<Database, 'pool'>, id: string): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ reason: string; count: number }>(
    `select reason, count(*)::int as count from operation_items
     where operation_id = $1 and outcome = 'skipped' and reason is not null group by reason`,
    [id],
  )
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]))
}

export interface ItemPage {
  items: OperationItem[]
  next: string | null
}

/** The whole ledger, a page at a time. */
export async function* everyItem(
  read: ReadLists,
  operationId: string,
  outcome: string | null,
): AsyncGenerator<readonly OperationItem[]> {
  let cursor: string | null = null
  do {
    const where: { outcome: string | null; cursor: string | null; limit: number } = {
      outcome,
      cursor,
      limit: 1_000,
    }
    const page: ItemPage = await read((database) => listItems(database, operationId, where))
    if (page.items.length > 0) yield page.items
    cursor = page.next
  } while (cursor !== null)
}

/** A page of the ledger, in the order things were begun. */
export async function listItems(
  { pool }: Pick<Database, 'pool'>,
  operationId: string,
  { outcome, cursor, limit }: { outcome: string | null; cursor: string | null; limit: number },
): Promise<ItemPage> {
  const { rows } = await pool.query<OperationItem>(
    `select i.number, i.delivery_id, i.source_delivery_id, i.ghost_vid, v.identified_user_id as identified_user, i.outcome, i.reason
     from (
       select * from operation_items
       where operation_id = $1 and number > $2 and ($3::text is null or outcome = $3) order by number limit $4
     ) i join operations o on o.id = i.operation_id
       left join visitors v on v.site_id = o.site_id and v.ghost_vid = i.ghost_vid
     order by i.number`,
    [operationId, Number(cursor ?? 0), outcome, limit + 1],
  )
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? String(items.at(-1)?.number ?? '') : null }
}
