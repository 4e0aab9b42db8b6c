import { webhookTypes } from '@ghostpost/client'
import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'

const statuses = ['queued', 'delivering', 'retrying', 'delivered', 'failed', 'cancelled']
const minute = 60_000

/** How far back a relative range reaches, in milliseconds. */
const ranges = {
  '1h': 60 * minute,
  '24h': 1_440 * minute,
  '7d': 10_080 * minute,
  '30d': 43_200 * minute,
}

const listPattern = (values: readonly string[]) =>
  new RegExp(`^(${values.join('|')})(,(${values.join('|')}))*$`)
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/

/** What the address of the list may say, and what each part must look like. */
const paramPatterns = {
  ghost_vid: /^gv_.{1,128}$/,
  identified_user: /^.{1,320}$/s,
  text: /^.{1,200}$/s,
  status: listPattern(statuses),
  webhook_type: listPattern(webhookTypes),
  destination_id: uuid,
  receiver: /^.{1,260}$/,
  cause: /^\w{1,100}$/,
  response_status: /^[1-5](\d\d|xx)$/,
  failure: /^\w{1,64}$/,
  operation_id: uuid,
  from: time,
  to: time,
  range: listPattern(Object.keys(ranges)),
  cursor: /^.{1,100}$/,
  page: /^[1-9]\d{0,5}$/,
} as const

type SearchParam = keyof typeof paramPatterns

export type ListSearch = { readonly [part in SearchParam]?: string | undefined }

const pagingParams: ReadonlySet<string> = new Set<SearchParam>(['cursor', 'page'])

/** Keeps what is as it must be and drops the rest. */
export function parseListSearch(raw: Readonly<Record<string, unknown>>): ListSearch {
  const valid = Object.entries(paramPatterns).flatMap(([name, pattern]) => {
    const text = textOf(raw[name])
    return text !== null && pattern.test(text) ? [[name, text]] : []
  })
  return Object.fromEntries(valid)
}

/** The names in an address that were dropped, to be told. */
export function droppedParams(raw: Readonly<Record<string, unknown>>): string[] {
  const validNames = new Set(Object.keys(parseListSearch(raw)))
  return Object.keys(raw).filter((name) => name !== 'site' && !validNames.has(name))
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/**
 * The same as the API's filter. A relative range begins at a full minute, so that asking again asks the same.
 * @param now milliseconds
 */
export function filterOf(search: ListSearch, now: number = Date.now()): DeliveryFilter {
  const { range, cursor: _cursor, page: _page, ...filter } = search
  const rangeMs = ranges[range as keyof typeof ranges]
  const from =
    rangeMs === undefined
      ? filter.from
      : new Date(Math.floor((now - rangeMs) / minute) * minute).toISOString()
  return withoutEmpty({ ...filter, from })
}

/** The parameters of the list's call. */
export function listQueryOf(search: ListSearch): DeliveryFilter & { cursor?: string | undefined } {
  return { ...filterOf(search), cursor: search.cursor }
}

/** Where in the list one is is no part of what is looked for. */
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

const emailAddress = /^[^\s@]+@[^\s@]+$/
const searchTermMax = 200

/** What somebody typed who looks for a lead or one delivery: an id, an e-mail address, or words; null for nothing. */
export function parseSearchTerm(typed: string): SearchTarget | null {
  const text = typed.trim()
  if (text === '') return null
  if (uuid.test(text)) return { delivery: text.toLowerCase() }
  if (paramPatterns.ghost_vid.test(text)) return { ghost_vid: text }
  return emailAddress.test(text) ? { identified_user: text } : { text: text.slice(0, searchTermMax) }
}
