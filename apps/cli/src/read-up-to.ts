import { orThrow, type Answer } from '@ghostpost/client'

interface Read<Item> {
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
export async function readUpTo<Item>(
  wanted: number,
  read: (cursor: { cursor?: string }, limit: string) => Promise<Answer<Read<Item>>>,
  after?: string,
): Promise<Read<Item>> {
  const items: Item[] = []
  let next = after ?? null
  do {
    const limit = String(Math.min(pageMax, wanted - items.length))
    const page: Read<Item> = await orThrow(read(next === null ? {} : { cursor: next }, limit))
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < wanted)
  return { items, next }
}
