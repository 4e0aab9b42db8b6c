import type { Database } from '../connection/open-database.ts'

/** Who says it is there. */
export interface WorkerHeartbeat {
  id: string
  host: string
  version: string
  concurrency: number
}

/** A worker that has not been seen for so long is not there. */
export const heartbeatTimeoutMs = 20_000

const heartbeatSql = `
  with gone as (delete from workers where seen_at < now() - interval '1 day')
  insert into workers (id, host, version, concurrency) values ($1, $2, $3, $4)
  on conflict (id) do update set seen_at = now()`

/** Says that a worker lives. */
export async function recordHeartbeat(
  { pool }: Pick<Database, 'pool'>,
  { id, host, version, concurrency }: WorkerHeartbeat,
): Promise<void> {
  await pool.query(heartbeatSql, [id, host, version, concurrency])
}

/** A worker that stops says so. */
export async function removeHeartbeat({ pool }: Pick<Database, 'pool'>, id: string): Promise<void> {
  await pool.query('delete from workers where id = $1', [id])
}
