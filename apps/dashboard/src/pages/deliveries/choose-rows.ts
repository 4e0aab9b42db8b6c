export type Chosen = { kind: 'some'; ids: ReadonlySet<string> } | { kind: 'matching' }

export const nothing: Chosen = { kind: 'some', ids: new Set() }

/** All rows from the last one that was pressed to this one; only this one when that is not there any more. */
export function rangeOf(ids: readonly string[], last: string | null, id: string): string[] {
  const [from, to] = [ids.indexOf(last ?? id), ids.indexOf(id)]
  return from === -1 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1)
}

/**
 * The selection with some rows more or fewer.
 * @param ids of all rows on the page: what is left when one of all that match is taken away
 */
export function changed(
  before: Chosen,
  ids: readonly string[],
  wanted: readonly string[],
  on: boolean,
): Chosen {
  const now = new Set(before.kind === 'matching' ? ids : before.ids)
  for (const id of wanted) {
    if (on) now.add(id)
    else now.delete(id)
  }
  return { kind: 'some', ids: now }
}
