/** Table rows with a link, in page order. */
function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>('main tbody tr')].filter((row) => linkIn(row))
}

function linkIn(row: Element): HTMLElement | null {
  return row.querySelector('a[href]')
}

/** Moves the focus to the link of the next or the previous row. */
export function focusRow(by: 1 | -1): void {
  const all = rows()
  const current = all.findIndex((row) => row.contains(document.activeElement))
  const next = current === -1 ? all.at(by === 1 ? 0 : -1) : all[current + by]
  const link = next && linkIn(next)
  link?.focus()
  link?.scrollIntoView({ block: 'nearest' })
}

/** Clicks the checkbox of the focused row; `range` clicks it with the Shift key. */
export function toggleRow(range: boolean): void {
  const row = rows().find((one) => one.contains(document.activeElement))
  const box = row?.querySelector('input[type="checkbox"]')
  box?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: range }))
}
