import {
  countMax,
  type DeliveryCount,
  type DeliveryFilter,
  type DeliveryList,
  type DeliverySummary,
} from '@ghostpost/delivery/contract/delivery-log'
import { searchBounded } from './bounded-search.ts'
import { timeOfId } from './delivery-id.ts'
import { filterSql, type FilterSql } from './delivery-filter.ts'
import { readSummaries } from './read-summaries.ts'
import type { ReadLists } from '../connection/list-reader.ts'
import type { Database } from '../connection/open-database.ts'

/** The most rows that one page reads when a filter is checked row by row. */
const scanMax = 4_000
/** The most rows that a count reads then. */
const countScanMax = 100_000

/**
 * Reads one page of a site's log, newest first. The caller checks the user's access. A page whose filter matches few
 * rows may be short and still have a next page, because each page reads a bounded number of rows.
 * @param cursor id of the last delivery of the previous page
 */
export async function listDeliveries(
  database: Pick<Database, 'pool'>,
  siteId: number,
  filter: DeliveryFilter,
  { limit, cursor }: { limit: number; cursor: string | null },
): Promise<DeliveryList> {
  const where = await filterSql(database, siteId, filter)
  if (where === null) return { items: [], next: null, searched_back_to: null }
  const { leading, rest } = where
  const values = [...where.values]
  const before = cursor === null ? [] : [`id < $${values.push(cursor)}::uuid`]
  const { rows, stoppedAt } = await searchBounded<{ id: string }>(database.pool, {
    from: 'deliveries',
    columns: 'id::text',
    leading: [...leading, ...before],
    rest,
    values,
    order: 'desc',
    // One more than the page holds shows whether there is a next page.
    limit: limit + 1,
    scanMax,
  })
  const ids = rows.slice(0, limit).map(({ id }) => id)
  const items = await readSummaries(database, ids)
  if (rows.length > limit) return { items, next: ids.at(-1) ?? null, searched_back_to: null }
  if (stoppedAt === null) return { items, next: null, searched_back_to: null }
  return { items, next: stoppedAt, searched_back_to: timeOfId(stoppedAt).toISOString() }
}

/** Counts the deliveries that a filter matches, up to `countMax`. `capped`: there may be more. */
export async function countDeliveries(
  database: Pick<Database, 'pool'>,
  siteId: number,
  filter: DeliveryFilter,
): Promise<DeliveryCount> {
  const where = await filterSql(database, siteId, filter)
  if (where === null) return { count: 0, capped: false }
  const text = where.rest.length > 0 ? checkedCountSql(where) : indexedCountSql(where)
  const { rows } = await database.pool.query<{ count: number; scanned: number }>(text, [...where.values])
  const row = rows[0] ?? { count: 0, scanned: 0 }
  return { count: row.count, capped: row.count === countMax || row.scanned === countScanMax }
}

/** Counts where an index answers the whole filter. */
function indexedCountSql({ leading }: FilterSql): string {
  return `
    with found as (
      select
      from deliveries
      where ${leading.join(' and ')}
      order by id desc
      limit ${countMax}
    )
    select
      count(*)::int as count,
      0 as scanned
    from found`
}

/** Counts where some conditions are checked row by row, within the newest `countScanMax` rows. */
function checkedCountSql({ leading, rest }: FilterSql): string {
  return `
    with scanned as (
      select *
      from deliveries
      where ${leading.join(' and ')}
      order by id desc
      limit ${countScanMax}
    ), found as (
      select
      from scanned
      where ${rest.join(' and ')}
      limit ${countMax}
    )
    select
      (select count(*)::int from found) as count,
      (select count(*)::int from scanned) as scanned`
}

/** Small, so that an export of any length takes the same memory. */
const exportPageSize = 200

/** Yields all deliveries that a filter matches, newest first, in pages of `exportPageSize`. */
export async function* everyDelivery(
  read: ReadLists,
  siteId: number,
  filter: DeliveryFilter,
): AsyncGenerator<readonly DeliverySummary[]> {
  let cursor: string | null = null
  do {
    const where: { limit: number; cursor: string | null } = { limit: exportPageSize, cursor }
    const page: DeliveryList = await read((database) => listDeliveries(database, siteId, filter, where))
    if (page.items.length > 0) yield page.items
    cursor = page.next
  } while (cursor !== null)
}
