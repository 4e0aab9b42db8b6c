import { createHash } from 'node:crypto'
import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import type { PlanBody, VisitorFilter } from '@ghostpost/delivery/contract/operations'
import { filterSql } from '../log/delivery-filter.ts'
import { isUuid, lowestIdAt } from '../log/delivery-id.ts'
import type { Database } from '../connection/open-database.ts'

/** The members of an operation, as its plan has frozen them. */
export type Selection =
  | { kind: 'deliveries'; filter: DeliveryFilter }
  | { kind: 'delivery_ids'; ids: readonly string[] }
  | { kind: 'visitors'; visitors: VisitorFilter }

export function selectionOf({ filter, delivery_ids, visitors }: PlanBody): Selection | null {
  if (filter !== undefined && Object.keys(filter).length > 0) return { kind: 'deliveries', filter }
  if (delivery_ids !== undefined) return { kind: 'delivery_ids', ids: [...new Set(delivery_ids)].toSorted() }
  return visitors === undefined ? null : { kind: 'visitors', visitors }
}

type StoredSelection = { filter: DeliveryFilter } | { delivery_ids: string[] } | { visitors: VisitorFilter }

/** The selection as the database stores it and the API shows it. */
export function storedSelection(selection: Selection): StoredSelection {
  if (selection.kind === 'deliveries') return { filter: selection.filter }
  if (selection.kind === 'delivery_ids') return { delivery_ids: [...selection.ids] }
  return { visitors: selection.visitors }
}

export function readSelection(stored: Record<string, unknown>): Selection {
  if (stored['filter']) return { kind: 'deliveries', filter: stored['filter'] }
  if (stored['delivery_ids']) return { kind: 'delivery_ids', ids: stored['delivery_ids'] as string[] }
  return { kind: 'visitors', visitors: stored['visitors'] as VisitorFilter }
}

/** A digest. Equal selections have the same key, independent of the order of their parts and of time zones. */
export function selectionKey(kind: string, destinationId: string | null, selection: Selection): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, destinationId, canonical(storedSelection(selection))]))
    .digest('hex')
}

/** Sorts the parts of a filter and the alternatives of a part, and converts times to UTC. */
function canonical(selection: StoredSelection): unknown {
  if ('delivery_ids' in selection) return selection
  const [[name, filter] = ['', {}]] = Object.entries(selection)
  const parts = Object.entries(filter as object).map(([part, value]) => [part, canonicalPart(part, value)])
  return [name, parts.toSorted(([a], [b]) => String(a).localeCompare(String(b)))]
}

const lists: ReadonlySet<string> = new Set(['status', 'webhook_type', 'response_status'])
const times: ReadonlySet<string> = new Set(['from', 'to', 'seen_from', 'seen_to'])

function canonicalPart(part: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (times.has(part)) return new Date(value).toISOString()
  if (lists.has(part)) return [...new Set(value.split(','))].toSorted()
  return part === 'receiver' ? value.toLowerCase() : value
}

/** The members of a selection, as conditions on their table. The order of `id` is oldest first. */
export interface MembersSql {
  from: 'deliveries' | 'visitors'
  /** Conditions that an index answers. */
  leading: readonly string[]
  /** Conditions that are checked row by row. */
  rest: readonly string[]
  values: unknown[]
  /** SQL type of `id`. */
  idType: 'uuid' | 'bigint'
}

/**
 * @param watermark excludes deliveries that were made later or ended later: the user has not seen a delivery that
 *   failed after the plan
 * @returns null when nothing can match
 */
export async function membersSql(
  database: Pick<Database, 'pool'>,
  siteId: number,
  selection: Selection,
  watermark: Date,
): Promise<MembersSql | null> {
  if (selection.kind === 'visitors') return visitorsSql(siteId, selection.visitors, watermark)
  if (selection.kind === 'delivery_ids') {
    const values = [siteId, selection.ids.filter((id) => isUuid(id))]
    const leading = ['site_id = $1', 'id = any($2::uuid[])']
    return { from: 'deliveries', leading, rest: [], values, idType: 'uuid' }
  }
  // The members of a plan are all that match. It says which of them are recovered, and skips those.
  const where = await filterSql(database, siteId, { recovered: 'any', ...selection.filter })
  if (where === null) return null
  const values = [...where.values]
  const before = `id < $${values.push(lowestIdAt(new Date(watermark.getTime() + 1)))}::uuid`
  const ended = `(finished_at is null or finished_at <= $${values.push(watermark)})`
  const leading = [...where.leading, before]
  return { from: 'deliveries', leading, rest: [...where.rest, ended], values, idType: 'uuid' }
}

function visitorsSql(siteId: number, filter: VisitorFilter, watermark: Date): MembersSql {
  const values: unknown[] = [siteId, watermark]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const rest = [
    ...(filter.identified === undefined
      ? []
      : [`(identified_user_id is not null) = ${bind(filter.identified)}`]),
    ...(filter.ghost_vids === undefined
      ? []
      : [`ghost_vid = any(${bind([...new Set(filter.ghost_vids)])}::text[])`]),
    ...(filter.score_min === undefined ? [] : [`score >= ${bind(filter.score_min)}`]),
    ...(filter.country === undefined ? [] : [`country = ${bind(filter.country)}`]),
    ...(filter.seen_from === undefined ? [] : [`last_seen >= ${bind(new Date(filter.seen_from))}`]),
    ...(filter.seen_to === undefined ? [] : [`last_seen < ${bind(new Date(filter.seen_to))}`]),
  ]
  return { from: 'visitors', leading: ['site_id = $1', 'first_seen <= $2'], rest, values, idType: 'bigint' }
}
