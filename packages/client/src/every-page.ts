import { orThrow, type ApiResult } from './problem.ts'

/** A page of any list of the API. */
export type Page<Item> = { items: Item[] } & ({ next: string | null } | { next_cursor: string | null })

/**
 * Iterates over all pages of a list. Reads each page when the caller asks for it.
 * @param read reads the page at a cursor; undefined for the first page
 * @throws ApiProblem when the API refuses a page
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

/** Iterates over all items of a list. Reads no further page when the caller stops. */
export async function* everyItem<Item>(
  read: (cursor: string | undefined) => Promise<ApiResult<Page<Item>>>,
): AsyncGenerator<Item> {
  for await (const { items } of everyPage<Item, Page<Item>>(read)) yield* items
}

function nextCursorOf(page: Page<unknown>): string | null {
  return 'next' in page ? page.next : page.next_cursor
}
