import type { Database } from '../connection/open-database.ts'

/** Version, size and connections of the Postgres server. */
export interface DatabaseStore {
  version: string
  /** The time of one round trip, in milliseconds. */
  latencyMs: number
  sizeBytes: number
  connections: number
  connectionsMax: number
}

const storeSql = `
  select
    current_setting('server_version') as version,
    pg_database_size(current_database())::float8 as size,
    (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
    current_setting('max_connections')::int as connections_max`

interface StoreRow {
  version: string
  size: number
  connections: number
  connections_max: number
}

/** Rejects when Postgres does not respond. */
export async function readDatabaseStore({ pool }: Pick<Database, 'pool'>): Promise<DatabaseStore> {
  const start = performance.now()
  await pool.query('select 1')
  const latencyMs = performance.now() - start
  const { rows } = await pool.query<StoreRow>(storeSql)
  const [row] = rows
  if (!row) throw new Error('The store statement returned no row.')
  return {
    version: row.version.split(' ')[0] ?? row.version,
    latencyMs,
    sizeBytes: row.size,
    connections: row.connections,
    connectionsMax: row.connections_max,
  }
}
