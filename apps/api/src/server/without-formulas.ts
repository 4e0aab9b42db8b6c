const sign = '=+\\-@＝＋－＠'
const atStart = new RegExp(`^[${sign}\\t\\r\\n]`)
/** Where a reader may see the start of another cell: after a line break, and after the separators of other locales. */
const inside = new RegExp(`([\\r\\n\\t\\v\\f;\\u0085\\u2028\\u2029])(?=[${sign}])`, 'g')

/**
 * Puts an apostrophe before each place of a CSV cell where a spreadsheet would begin a formula, also after a line break
 * in the cell. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function withoutFormulas(cell: string): string {
  const escaped = cell.replace(inside, "$1'")
  return atStart.test(cell) ? `'${escaped}` : escaped
}
