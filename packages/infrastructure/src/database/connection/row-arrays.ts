import { jsonTexts } from './json-texts.ts'

/** A column of rows that go into a statement together: its name, its type, and its value of a row. */
export type RowColumn<Row> =
  | readonly [name: string, type: 'jsonb', valueOf: (row: Row) => string | null | undefined]
  | readonly [
      name: string,
      type: 'bool' | 'bytea' | 'float8' | 'int' | 'text' | 'timestamptz' | 'uuid',
      valueOf: (row: Row) => unknown,
    ]

/**
 * A parameter whose value the planner does not see. Of an array it sees, it counts the elements, and a plan for the one
 * delivery of this moment looks so much cheaper than one for any number that every execution is planned anew.
 */
export function opaqueParameter(parameter: string): string {
  return `(select ${parameter})`
}

/** The rows as a table of this name, from arrays that are the statement's parameters from `$first` on. */
export function rowsSql<Row>(columns: readonly RowColumn<Row>[], table: string, first: number): string {
  const arrays = columns.map(([, type], index) => arraySql(type, `$${first + index}`))
  return `unnest(${arrays.join(', ')}) ${table}(${columns.map(([name]) => name).join(', ')})`
}

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
