import { orThrow, type ApiResult } from './problem.ts'

/** A page of any list of the API. */
export type Page<Item> = { items: Item[] } & ({ next: string | null } | { next_cursor: string | null })

/**
 * All pages of a list, one after the other, each read when it is asked for.
 * @param read reads the page at a cursor; undefined for the first
 * @throws ApiProblem when the API refuses one
 */
export async function* everyPage<Item, P extends Page<Item>>(
  read: (cursor: string | undefined) => Promise<ApiResult<P>>,
): AsyncGenerator<P> {
  let cursor: string | undefined
  do {
    const page: P = await orThrow(read(cursor))
    yield page
    cursor = nextCursorOf(page) ?? undefined
  } while (cursor !== undefined)
}

/** All items of a list; stop asking, and no more pages are read. */
export async function* everyItem<Item>(
  read: (cursor: string | undefined) => Promise<ApiResult<Page<Item>>>,
): AsyncGenerator<Item> {
  for await (const { items } of everyPage<Item, Page<Item>>(read)) yield* items
}

function nextCursorOf(page: Page<unknown>): string | null {
  return 'next' in page ? page.next : page.next_cursor
}
