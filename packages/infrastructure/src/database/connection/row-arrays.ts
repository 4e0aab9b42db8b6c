/** A column of the rows that a statement takes as parameters: its name, its Postgres type, and its value in a row. */
export type RowColumn<Row> =
  | readonly [name: string, type: 'jsonb', valueOf: (row: Row) => string | null | undefined]
  | readonly [
      name: string,
      type: 'bool' | 'bytea' | 'float8' | 'int' | 'text' | 'timestamptz' | 'uuid',
      valueOf: (row: Row) => unknown,
    ]

/**
 * A parameter whose value the planner does not see. The planner counts the elements of an array that it sees. A plan
 * for the few elements of this call then looks cheaper than the generic plan, and Postgres plans every execution
 * again.
 */
export function opaqueParameter(parameter: string): string {
  return `(select ${parameter})`
}

/** SQL of a table with this name, made of one array parameter per column. The parameters begin at `$first`. */
export function rowsSql<Row>(columns: readonly RowColumn<Row>[], table: string, first: number): string {
  const arrays = columns.map(([, type], index) => arraySql(type, `$${first + index}`))
  return `unnest(${arrays.join(', ')}) ${table}(${columns.map(([name]) => name).join(', ')})`
}

/** The values of those parameters: one array per column. */
export function rowsValues<Row>(columns: readonly RowColumn<Row>[], rows: readonly Row[]): unknown[] {
  return columns.map((column) => arrayOf(column, rows))
}

function arraySql(type: RowColumn<never>[1], parameter: string): string {
  return opaqueParameter(
    type === 'jsonb' ? `${jsonTexts.sql(parameter)}::jsonb[]` : `${parameter}::${type}[]`,
  )
}

function arrayOf<Row>(column: RowColumn<Row>, rows: readonly Row[]): unknown {
  if (column[1] !== 'jsonb') return rows.map((row) => column[2](row) ?? null)
  return jsonTexts.value(rows.map((row) => column[2](row) ?? null))
}

/** No JSON text contains this character: JSON escapes control characters (RFC 8259, section 7). */
const separator = '\u001f'

/** Sends JSON texts as one text parameter. pg would search every element of an array for characters to quote. */
export const jsonTexts = {
  /** SQL that splits the parameter into an array of texts. */
  sql: (parameter: string): string => `string_to_array(${parameter}, U&'\\001F', '')`,
  /** @param texts null for a missing text; no text is empty */
  value: (texts: readonly (string | null)[]): string => texts.map((text) => text ?? '').join(separator),
}
