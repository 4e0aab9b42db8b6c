import type { Database } from '@ghostpost/infrastructure/database/connection'
import type { PoolClient, QueryConfig } from 'pg'

/** A fault that is planted in every statement that contains `sql`, whatever its line breaks. */
export interface Mutation {
  name: string
  sql: string
  becomes: string
}

interface MutatedDatabase {
  database: Database
  /** How many statements ran that the mutation changed. */
  changedCount: () => number
}

let generation = 0

/** A database whose statements have a planted fault. It shares the connections of `database`. */
export function mutateDatabase(database: Database, mutation: Mutation): MutatedDatabase {
  let changed = 0
  generation += 1
  const suffix = `-${generation}`
  const rewrite = (query: string | QueryConfig): string | QueryConfig => {
    const text = textOf(query)
    if (!contains(text, mutation)) return query
    changed += 1
    const mutated = text.replace(patternOf(mutation.sql), () => mutation.becomes)
    if (typeof query === 'string') return mutated
    // A connection knows a prepared statement by its name.
    return { ...query, text: mutated, ...(query.name && { name: query.name + suffix }) }
  }
  return { database: withRewrite(database, rewrite), changedCount: () => changed }
}

/** A database that remembers the texts of its statements. */
export function recordTexts(database: Database): { database: Database; texts: ReadonlySet<string> } {
  const texts = new Set<string>()
  const rewrite: Rewrite = (query) => {
    texts.add(textOf(query))
    return query
  }
  return { database: withRewrite(database, rewrite), texts }
}

/** Whether the mutation changes this statement. */
export function contains(text: string, { sql }: Mutation): boolean {
  return patternOf(sql).test(text)
}

function patternOf(sql: string): RegExp {
  const words = sql.split(/\s+/).map((word) => word.replaceAll(/[^\w]/g, String.raw`\$&`))
  return new RegExp(words.join(String.raw`\s+`))
}

type Rewrite = (query: string | QueryConfig) => string | QueryConfig

function textOf(query: string | QueryConfig): string {
  return typeof query === 'string' ? query : query.text
}

function withRewrite(database: Database, rewrite: Rewrite): Database {
  const pool = Object.create(database.pool) as Database['pool']
  pool.query = rewriteQueries(database.pool, rewrite)
  pool.connect = (async () => {
    const client = await database.pool.connect()
    return withQueries(client, rewrite)
  }) as Database['pool']['connect']
  return { ...database, pool }
}

function rewriteQueries<Target extends { query: unknown }>(
  target: Target,
  rewrite: Rewrite,
): Target['query'] {
  const query = (target.query as (...parameters: unknown[]) => unknown).bind(target)
  return ((first: string | QueryConfig, ...rest: unknown[]) =>
    query(rewrite(first), ...rest)) as Target['query']
}

function withQueries(client: PoolClient, rewrite: Rewrite): PoolClient {
  const wrapped = Object.create(client) as PoolClient
  wrapped.query = rewriteQueries(client, rewrite)
  wrapped.release = client.release.bind(client)
  return wrapped
}
