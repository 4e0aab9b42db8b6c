import { Client } from 'pg'

/** Data that Postgres has written, and the size of its tables. */
export interface StoreGrowth {
  walBytes: number
  /** Number of flushes of the write-ahead log; NaN before Postgres 18, which does not count them. */
  walFlushes: number
  commits: number
  /** Bytes of a table with its indexes and its TOAST data. */
  tables: Readonly<Record<GrowingTable, number>>
}

/** Tables that grow with deliveries. */
export const growingTables = ['deliveries', 'payloads', 'attempts', 'audit_log'] as const
export type GrowingTable = (typeof growingTables)[number]

const growthSql = `
  select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float as "walBytes",
    (select xact_commit::float from pg_stat_database where datname = current_database()) as commits,
    (select jsonb_object_agg(name, pg_total_relation_size(name::regclass)) from unnest($1::text[]) name) as tables`

/** Reads both after the server has flushed its statistics. */
export async function storeGrowth(databaseUrl: string): Promise<StoreGrowth> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'bench-counter' })
  await client.connect()
  try {
    const { rows } = await client.query<Omit<StoreGrowth, 'walFlushes'>>(growthSql, [growingTables])
    const [growth] = rows
    if (!growth) throw new Error('Postgres does not say what it has written')
    return { ...growth, walFlushes: await walFlushes(client) }
  } finally {
    await client.end()
  }
}

/** https://www.postgresql.org/docs/18/monitoring-stats.html#MONITORING-PG-STAT-IO-VIEW */
async function walFlushes(client: Client): Promise<number> {
  const flushes = client.query<{ count: number }>(
    `select sum(fsyncs)::float as count from pg_stat_io where object = 'wal'`,
  )
  return flushes.then(
    ({ rows }) => rows[0]?.count ?? Number.NaN,
    () => Number.NaN,
  )
}

/** Written data and growth of the tables between two readings. */
export function growthBetween(before: StoreGrowth, after: StoreGrowth): StoreGrowth {
  const grown = growingTables.map((table) => [table, after.tables[table] - before.tables[table]] as const)
  return {
    walBytes: after.walBytes - before.walBytes,
    walFlushes: after.walFlushes - before.walFlushes,
    commits: after.commits - before.commits,
    tables: Object.fromEntries(grown) as StoreGrowth['tables'],
  }
}
