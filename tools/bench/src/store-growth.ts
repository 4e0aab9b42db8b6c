import { Client } from 'pg'

/** What Postgres has written so far, and how much room its tables take. */
export interface StoreGrowth {
  walBytes: number
  /** Times the write-ahead log was brought to the disk; NaN where the server does not count them (before Postgres 18). */
  walFlushes: number
  commits: number
  /** Bytes of a table with its indexes and what is stored beside it. */
  tables: Readonly<Record<GrowingTable, number>>
}

/** What grows with deliveries. */
export const growingTables = ['deliveries', 'payloads', 'attempts', 'audit_log'] as const
export type GrowingTable = (typeof growingTables)[number]

const growthSql = `
  select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float as "walBytes",
    (select xact_commit::float from pg_stat_database where datname = current_database()) as commits,
    (select jsonb_object_agg(name, pg_total_relation_size(name::regclass)) from unnest($1::text[]) name) as tables`

/** Reads both after the server has written down what it counted. */
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

/** What was written and how much the tables grew between two readings. */
export function growthBetween(before: StoreGrowth, after: StoreGrowth): StoreGrowth {
  const grown = growingTables.map((table) => [table, after.tables[table] - before.tables[table]] as const)
  return {
    walBytes: after.walBytes - before.walBytes,
    walFlushes: after.walFlushes - before.walFlushes,
    commits: after.commits - before.commits,
    tables: Object.fromEntries(grown) as StoreGrowth['tables'],
  }
}
