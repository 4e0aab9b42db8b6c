import { orThrow, type ApiResult } from '@ghostpost/client'

interface PagedItems<Item> {
  items: Item[]
  /** Cursor of the next page; null at the end. */
  next: string | null
}

/** The API's largest page. */
const pageMax = 200

/**
 * Reads up to `itemsMax` items over several pages.
 * @param read reads a page at a cursor with at most `limit` items
 * @param after cursor to start at
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
    // Another server than Ghostpost may leave it out: that is the end, too.
    next = page.next ?? null
  } while (next !== null && items.length < itemsMax)
  return { items, next }
}
