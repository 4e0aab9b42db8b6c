import { claimIdsOf } from '../attempts/claim-ids.ts'
import type { Database } from '../connection/open-database.ts'

/** A running worker. */
export interface WorkerHeartbeat {
  id: string
  host: string
  version: string
  concurrency: number
  /** Key of the advisory lock that shows that it lives; null while it may be without one. */
  lockKey: string | null
}

/** A worker without a heartbeat for this long does not count as running. */
export const heartbeatTimeoutMs = 20_000

const heartbeatSql = `
  with removed as (
    delete from workers
    where seen_at < now() - interval '1 day'
  )
  insert into workers (id, host, version, concurrency, lock_key)
  values ($1, $2, $3, $4, $5)
  on conflict (id) do update set
    seen_at = now(),
    lock_key = excluded.lock_key`

/** Stores a worker's heartbeat, and removes workers whose last one is a day old. */
export async function recordHeartbeat(
  { pool }: Queries,
  { id, host, version, concurrency, lockKey }: WorkerHeartbeat,
): Promise<void> {
  await pool.query(heartbeatSql, [id, host, version, concurrency, lockKey])
}

/** The part of a pool that a single connection has, too. */
interface Queries {
  pool: Pick<Database['pool'], 'query'>
}

const removeSql = `
  delete from workers
  where id = $1
    and not exists (
      select from deliveries
      where sweep_at is not null
        and state = 'delivering'
        and claim_id between $2 and $3
    )`

/** Removes a worker that has ended, unless it has left claims: then the others notice that its lock is free. */
export async function removeHeartbeat({ pool }: Pick<Database, 'pool'>, id: string): Promise<void> {
  const { lowest, highest } = claimIdsOf(id)
  await pool.query(removeSql, [id, lowest, highest])
}

const freeLocksSql = `
  select
    id,
    pg_try_advisory_xact_lock_shared(lock_key) as is_free
  from workers
  where lock_key is not null
    and id <> $1`

/** The other workers whose locks nobody holds. A worker's lock is free when its connection has ended. */
export async function findFreeLocks({ pool }: Queries, ownId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; is_free: boolean }>(freeLocksSql, [ownId])
  return rows.filter((row) => row.is_free).map((row) => row.id)
}
