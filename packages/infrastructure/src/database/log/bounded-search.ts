import type { Pool, PoolClient } from 'pg'

/** A search in the order of ids that reads a bounded number of rows. */
export interface BoundedSearch {
  from: 'deliveries' | 'visitors'
  /** SQL of the columns to return. One of them is `id` as text. */
  columns: string
  /** Conditions that an index answers. */
  leading: readonly string[]
  /** Conditions that are checked row by row. */
  rest: readonly string[]
  values: readonly unknown[]
  order: 'asc' | 'desc'
  limit: number
  /** The most rows to read when `rest` has conditions. */
  scanMax: number
}

export interface SearchResult<Row> {
  rows: Row[]
  /** Id of the last row read, when the search stopped at `scanMax` with fewer rows than `limit`; else null. */
  stoppedAt: string | null
}

/** Reads at most `scanMax` rows, so a filter that matches few rows takes several short searches. */
export async function searchBounded<Row extends { id: string }>(
  connection: Pool | PoolClient,
  { from, columns, leading, rest, values, order, limit, scanMax }: BoundedSearch,
): Promise<SearchResult<Row>> {
  const scanSql = `
    select *
    from ${from}
    where ${leading.join(' and ')}
    order by id ${order}`
  if (rest.length === 0) {
    const text = `select ${columns} from (${scanSql} limit ${limit}) scanned`
    const { rows } = await connection.query<Row>(text, [...values])
    return { rows, stoppedAt: null }
  }
  const restSql = rest.join(' and ')
  // Postgres stops at the outer limit, so a filter that matches many rows reads few.
  const { rows } = await connection.query<Row>(
    `select ${columns} from (${scanSql} limit ${scanMax}) scanned where ${restSql} limit ${limit}`,
    [...values],
  )
  if (rows.length === limit) return { rows, stoppedAt: null }
  // `or true`: the conditions do not matter here, but the statement must use every parameter.
  const last = await connection.query<{ id: string }>(
    `select id::text from (${scanSql} offset ${scanMax - 1} limit 1) scanned where (${restSql}) or true`,
    [...values],
  )
  return { rows, stoppedAt: last.rows[0]?.id ?? null }
}
