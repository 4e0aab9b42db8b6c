import type { Pool, PoolClient } from 'pg'

/** Statements with row types that the database contradicts: the check has to find each of them. */
type Queries = Pick<Pool | PoolClient, 'query'>

interface MisspeltRow {
  id: string
  reciever_host: string
}

export const misspeltColumn = (queries: Queries): Promise<unknown> =>
  queries.query<MisspeltRow>('select id, receiver_host from destinations')

interface UnmigratedRow {
  id: string
  /** No migration has added it. */
  colour: string
}

export const columnWithoutMigration = (queries: Queries): Promise<unknown> =>
  queries.query<UnmigratedRow>('select * from sites')

export const wrongType = (queries: Queries): Promise<unknown> =>
  queries.query<{ attempts: string; created_at: string; email_to: number[] }>(
    `select d.attempts, d.created_at, array['a'] as email_to from deliveries d`,
  )

export const bigintAsNumber = (queries: Queries): Promise<unknown> =>
  queries.query<{ count: number }>('select count(*) as count from sites')

export const nullableColumn = (queries: Queries): Promise<unknown> =>
  queries.query<{ delivered_at: Date }>('select delivered_at from deliveries')

export const nullValue = (queries: Queries): Promise<unknown> =>
  queries.query<{ oldest: number }>('select null::int as oldest')

export const wrongJson = (queries: Queries): Promise<unknown> =>
  queries.query<{ profile: { score: string; colour: string } | null }>(
    `select json_build_object('score', 1) as profile`,
  )

/** The caller of a generic function gives the row type. */
async function readAll<Row extends object>(queries: Queries, text: string): Promise<Row[]> {
  const { rows } = await queries.query<Row>(text)
  return rows
}

export const wrongRowOfCaller = (queries: Queries): Promise<unknown> =>
  readAll<{ name: number }>(queries, 'select name from sites')
