import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
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
import type { ReadLists } from '../connection/list-reader.ts'
import type { Database } from '../connection/open-database.ts'

/** The most rows that one page reads when a filter is checked row by row. */
const scanMax = 4_000
/** The most rows that a count reads then. */
const countScanMax = 100_000

interface ListedRow {
  id: string
  created_at: Date
  state: DeliveryState
  ghost_vid: string
  identified_user: string | null
  site_id: number
  webhook_type: WebhookType
  receiver_host: string
  destination_id: string | null
  destination_name: string | null
  attempts: number
  delivered_at: Date | null
  next_attempt_at: Date | null
  last_cause: string | null
  last_message: string | null
  last_response_status: number | null
  failure: string | null
  operation_id: string | null
  sample: boolean
  alert_rule_id: string | null
}

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

const summarySql = `
  select
    d.id,
    d.created_at,
    d.state,
    d.ghost_vid,
    v.identified_user_id as identified_user,
    d.site_id,
    d.webhook_type,
    d.receiver_host,
    d.destination_id,
    t.name as destination_name,
    d.attempts,
    d.delivered_at,
    d.next_attempt_at,
    d.last_cause,
    d.last_message,
    d.last_response_status,
    d.failure,
    d.operation_id,
    d.sample,
    d.alert_rule_id
  from deliveries d
  left join destinations t on t.id = d.destination_id
  left join visitors v on v.id = d.visitor_id
  where d.id = any($1::uuid[])
  order by d.id desc`

async function readSummaries(
  { pool }: Pick<Database, 'pool'>,
  ids: readonly string[],
): Promise<DeliverySummary[]> {
  if (ids.length === 0) return []
  const { rows } = await pool.query<ListedRow>({
    name: 'delivery-summaries',
    text: summarySql,
    values: [ids],
  })
  return rows.map(summaryOf)
}

function summaryOf(row: ListedRow): DeliverySummary {
  return {
    delivery_id: row.id,
    created_at: row.created_at.toISOString(),
    status: row.state,
    ghost_vid: row.ghost_vid,
    identified_user: row.identified_user,
    siteId: row.site_id,
    webhook_type: row.webhook_type,
    receiver: row.receiver_host,
    destination_id: row.destination_id,
    destination_name: row.destination_name,
    attempts: row.attempts,
    delivered_at: row.delivered_at?.toISOString() ?? null,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    last_error:
      row.last_cause === null
        ? null
        : {
            code: row.last_cause,
            message: row.last_message ?? '',
            response_status: row.last_response_status,
          },
    last_response_status: row.last_response_status,
    failure: row.failure,
    operation_id: row.operation_id,
    sample: row.sample,
    alert_rule_id: row.alert_rule_id,
  }
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
