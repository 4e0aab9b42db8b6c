import { orThrow, type ApiResult } from '@ghostpost/client'

interface PagedItems<Item> {
  items: Item[]
  /** Cursor of what follows; null at the end. */
  next: string | null
}

/** The most the API gives at once. */
const pageMax = 200

/**
 * Reads as many items as are wanted, over as many pages as it takes.
 * @param read reads a page of at most so many at a cursor
 */
export async function readPages<Item>(
  itemsMax: number,
  read: (cursor: { cursor?: string }, limit: string) => Promise<ApiResult<PagedItems<Item>>>,
  after?: string,
): Promise<PagedItems<Item>> {
  const items: Item[] = []
  let next = after ?? null
  do {
    const limit = String(Math.min(pageMax, itemsMax - items.length))
    const page: PagedItems<Item> = await orThrow(read(next === null ? {} : { cursor: next }, limit))
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < itemsMax)
  return { items, next }
}
