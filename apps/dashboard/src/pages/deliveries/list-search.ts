import { deliveryFilters } from '@ghostpost/client'
import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'

const minute = 60_000

/** Length of each relative time range, in milliseconds. */
const ranges = {
  '1h': 60 * minute,
  '24h': 1_440 * minute,
  '7d': 10_080 * minute,
  '30d': 43_200 * minute,
}

/** How soon the next attempt is, in milliseconds. */
const dueSpans = { '1m': minute, '10m': 10 * minute, '1h': 60 * minute }

/** The parameters of the list's address: the filter of the API, and those of the page. */
const paramPatterns: Readonly<Record<keyof ListSearch, RegExp>> = {
  ...filterPatterns(),
  range: new RegExp(`^(${Object.keys(ranges).join('|')})$`),
  sort: /^next_attempt$/,
  due: new RegExp(`^(${Object.keys(dueSpans).join('|')})$`),
  cursor: /^.{1,100}$/,
  page: /^[1-9]\d{0,5}$/,
}

function filterPatterns(): Record<keyof DeliveryFilter, RegExp> {
  const patterns = Object.entries(deliveryFilters).map(([name, { addressPattern }]) => [
    name,
    new RegExp(addressPattern),
  ])
  return Object.fromEntries(patterns) as Record<keyof DeliveryFilter, RegExp>
}

type SearchParam = keyof DeliveryFilter | 'range' | 'due' | 'sort' | 'cursor' | 'page'

export type ListSearch = { readonly [part in SearchParam]?: string | undefined }

const pagingParams: ReadonlySet<string> = new Set<SearchParam>(['cursor', 'page', 'sort'])

/** Keeps valid parameters and drops the rest. */
export function parseListSearch(raw: Readonly<Record<string, unknown>>): ListSearch {
  const valid = Object.entries(paramPatterns).flatMap(([name, pattern]) => {
    const text = textOf(raw[name])
    return text !== null && pattern.test(text) ? [[name, text]] : []
  })
  return Object.fromEntries(valid)
}

/** Names of the parameters that `parseListSearch` drops; the page shows them. */
export function droppedParams(raw: Readonly<Record<string, unknown>>): string[] {
  const validNames = new Set(Object.keys(parseListSearch(raw)))
  return Object.keys(raw).filter((name) => name !== 'site' && !validNames.has(name))
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/**
 * The search as the API's filter. A relative range begins at a full minute, so that a refetch has the same query.
 * @param now in milliseconds
 */
export function filterOf(search: ListSearch, now: number = Date.now()): DeliveryFilter {
  const { range, due, sort: _sort, cursor: _cursor, page: _page, ...filter } = search
  const rangeMs = ranges[range as keyof typeof ranges]
  const from =
    rangeMs === undefined
      ? filter.from
      : new Date(Math.floor((now - rangeMs) / minute) * minute).toISOString()
  const dueMs = dueSpans[due as keyof typeof dueSpans]
  const dueBefore =
    dueMs === undefined
      ? filter.due_before
      : new Date(Math.ceil((now + dueMs) / minute) * minute).toISOString()
  return withoutEmpty({ ...filter, from, due_before: dueBefore })
}

/** Query parameters of the API's list. */
export function listQueryOf(search: ListSearch): DeliveryFilter & {
  cursor?: string | undefined
  sort?: 'next_attempt'
} {
  return {
    ...filterOf(search),
    cursor: search.cursor,
    ...(search.sort === 'next_attempt' && { sort: 'next_attempt' }),
  }
}

/** Whether the search has a filter. The page of the list is none. */
export function isFiltered(search: ListSearch): boolean {
  return Object.entries(search).some(([name, value]) => value !== undefined && !pagingParams.has(name))
}

/** The same search with changes, on its first page. */
export function changeSearch(search: ListSearch, changes: ListSearch): ListSearch {
  return withoutEmpty({ ...search, ...changes, cursor: undefined, page: undefined })
}

function withoutEmpty(search: ListSearch): Record<string, string> {
  const present = Object.entries(search).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return Object.fromEntries(present)
}

export type SearchTarget =
  | { delivery: string }
  | { ghost_vid: string }
  | { identified_user: string }
  | { text: string }

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const emailAddress = /^[^\s@]+@[^\s@]+$/
const searchTermMax = 200

/** Recognises an id, an e-mail address or words in the search field; null when it is empty. */
export function parseSearchTerm(typed: string): SearchTarget | null {
  const text = typed.trim()
  if (text === '') return null
  if (uuid.test(text)) return { delivery: text.toLowerCase() }
  if (paramPatterns.ghost_vid.test(text)) return { ghost_vid: text }
  return emailAddress.test(text) ? { identified_user: text } : { text: text.slice(0, searchTermMax) }
}
