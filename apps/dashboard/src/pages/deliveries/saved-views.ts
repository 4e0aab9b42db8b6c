import { searchOf } from '../../search-of.ts'
import { parseListSearch, type ListSearch } from './list-search.ts'

/** A named filter of the list. The browser stores it, for one site. */
export interface SavedView {
  name: string
  search: ListSearch
}

const viewsMax = 50
const keyOf = (siteId: number): string => `ghostpost-views-${siteId}`

/** Reads the stored views. What is no view is left out. */
export function readViews(siteId: number, store: Pick<Storage, 'getItem'> = localStorage): SavedView[] {
  try {
    const stored: unknown = JSON.parse(store.getItem(keyOf(siteId)) ?? '[]')
    return Array.isArray(stored) ? stored.flatMap(viewOf) : []
  } catch {
    return []
  }
}

function viewOf(stored: unknown): SavedView[] {
  if (typeof stored !== 'object' || stored === null || !('name' in stored) || !('search' in stored)) return []
  const { name, search } = stored
  if (typeof name !== 'string' || typeof search !== 'object' || search === null) return []
  return [{ name, search: parseListSearch(search as Record<string, unknown>) }]
}

export function writeViews(
  siteId: number,
  views: readonly SavedView[],
  store: Pick<Storage, 'setItem'> = localStorage,
): void {
  store.setItem(keyOf(siteId), JSON.stringify(views.slice(-viewsMax)))
}

/** Adds a view, or replaces the one with the same name. The page of the list is no part of it. */
export function withView(views: readonly SavedView[], name: string, search: ListSearch): SavedView[] {
  const { cursor: _cursor, page: _page, ...kept } = search
  return [...views.filter((one) => one.name !== name), { name, search: kept }]
}

export function isSameSearch(one: ListSearch, other: ListSearch): boolean {
  return textOf(one) === textOf(other)
}

/** The search as a text that does not depend on the order of its fields. */
function textOf({ cursor: _cursor, page: _page, ...kept }: ListSearch): string {
  return searchOf(Object.fromEntries(Object.entries(kept).toSorted(([a], [b]) => a.localeCompare(b))))
}
