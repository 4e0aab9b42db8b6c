export type RowSelection = { kind: 'some'; ids: ReadonlySet<string> } | { kind: 'matching' }

export const emptySelection: RowSelection = { kind: 'some', ids: new Set() }

/** All rows from the last one that was pressed to this one; only this one when that is not there any more. */
export function rowRange(ids: readonly string[], last: string | null, id: string): string[] {
  const [from, to] = [ids.indexOf(last ?? id), ids.indexOf(id)]
  return from === -1 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1)
}

/**
 * The selection with some rows more or fewer.
 * @param ids of all rows on the page: what is left when one of all that match is taken away
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
