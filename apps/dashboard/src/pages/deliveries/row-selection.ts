export type RowSelection = { kind: 'some'; ids: ReadonlySet<string> } | { kind: 'matching' }

export const emptySelection: RowSelection = { kind: 'some', ids: new Set() }

/** All rows from the last pressed one to this one; only this one when the last one is no longer on the page. */
export function rowRange(ids: readonly string[], last: string | null, id: string): string[] {
  const [from, to] = [ids.indexOf(last ?? id), ids.indexOf(id)]
  return from === -1 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1)
}

/**
 * Adds rows to a selection or removes them.
 * @param ids all rows on the page: removing a row from "all that match" leaves the rest of the page
 */
export function changeSelection(
  before: RowSelection,
  ids: readonly string[],
  changedIds: readonly string[],
  on: boolean,
): RowSelection {
  const selectedIds = new Set(before.kind === 'matching' ? ids : before.ids)
  for (const id of changedIds) {
    if (on) selectedIds.add(id)
    else selectedIds.delete(id)
  }
  return { kind: 'some', ids: selectedIds }
}
