import type { Pool, PoolClient } from 'pg'

/** What to look for, in order of id. */
export interface BoundedSearch {
  from: 'deliveries' | 'visitors'
  /** SQL of what is brought of each row; `id` is among it, as text. */
  columns: string
  /** What an index answers. */
  leading: readonly string[]
  /** What is checked row by row. */
  rest: readonly string[]
  values: readonly unknown[]
  order: 'asc' | 'desc'
  limit: number
  /** How many rows it may look at where it has to check them. */
  scanMax: number
}

export interface SearchResult<Row> {
  rows: Row[]
  /** Id of the last row looked at, where the search stopped before the end and has found less than wanted. */
  stoppedAt: string | null
}

/** Searches no further than a bounded number of rows: what is rare takes several searches, and holds up nobody. */
export async function searchBounded<Row extends { id: string }>(
  connection: Pool | PoolClient,
  { from, columns, leading, rest, values, order, limit, scanMax }: BoundedSearch,
): Promise<SearchResult<Row>> {
  const scanSql = `select * from ${from} where ${leading.join(' and ')} order by id ${order}`
  if (rest.length === 0) {
    const text = `select ${columns} from (${scanSql} limit ${limit}) looked_at`
    const { rows } = await connection.query<Row>(text, [...values])
    return { rows, stoppedAt: null }
  }
  const restSql = rest.join(' and ')
  // Read lazily: where much fits, little is looked at.
  const { rows } = await connection.query<Row>(
    `select ${columns} from (${scanSql} limit ${scanMax}) looked_at where ${restSql} limit ${limit}`,
    [...values],
  )
  if (rows.length === limit) return { rows, stoppedAt: null }
  // Whether it fits does not matter here; it is there because each value has to be somewhere.
  const last = await connection.query<{ id: string }>(
    `select id::text from (${scanSql} offset ${scanMax - 1} limit 1) looked_at where (${restSql}) or true`,
    [...values],
  )
  return { rows, stoppedAt: last.rows[0]?.id ?? null }
}
