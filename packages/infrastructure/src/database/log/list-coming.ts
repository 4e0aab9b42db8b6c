import type { DeliveryFilter, DeliveryList } from '@ghostpost/delivery/contract/delivery-log'
import type { Database } from '../connection/open-database.ts'
import { filterSql } from './delivery-filter.ts'
import { isUuid } from './delivery-id.ts'
import { readSummaries } from './read-summaries.ts'

/** The most unfinished deliveries that are sorted. */
const sortedMax = 100_000

/** Where the next page starts: the time and the id of the last delivery of this page. */
interface ComingCursor {
  at: Date
  id: string
}

/** @returns null for a text that is no cursor of this list */
export function parseComingCursor(text: string): ComingCursor | null {
  const [time = '', id = ''] = text.split('_')
  const at = new Date(time)
  return isUuid(id) && !Number.isNaN(at.getTime()) ? { at, id } : null
}

/** Reads one page of a site's unfinished deliveries, the one that is attempted next first. */
export async function listComing(
  database: Pick<Database, 'pool'>,
  siteId: number,
  filter: DeliveryFilter,
  { limit, cursor }: { limit: number; cursor: ComingCursor | null },
): Promise<DeliveryList> {
  const where = await filterSql(database, siteId, filter)
  if (where === null) return { items: [], next: null, searched_back_to: null }
  const values = [...where.values]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const after =
    cursor === null ? 'true' : `(next_attempt_at, id) > (${bind(cursor.at)}, ${bind(cursor.id)}::uuid)`
  const { rows } = await database.pool.query<{ id: string; next_attempt_at: Date }>(
    `select
       id::text,
       next_attempt_at
     from (
       select *
       from deliveries
       where ${where.leading.join(' and ')}
         and sweep_at is not null
       order by id
       limit ${sortedMax}
     ) unfinished
     where ${[...where.rest, 'next_attempt_at is not null', after].join(' and ')}
     order by next_attempt_at, unfinished.id
     limit ${limit + 1}`,
    values,
  )
  const page = rows.slice(0, limit)
  const order = new Map(page.map(({ id }, index) => [id, index]))
  const items = await readSummaries(database, [...order.keys()])
  const last = page.at(-1)
  return {
    items: items.toSorted((a, b) => (order.get(a.delivery_id) ?? 0) - (order.get(b.delivery_id) ?? 0)),
    next: rows.length > limit && last ? `${last.next_attempt_at.toISOString()}_${last.id}` : null,
    searched_back_to: null,
  }
}
