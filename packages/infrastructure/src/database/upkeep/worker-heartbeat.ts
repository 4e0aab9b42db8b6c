import type { Database } from '../connection/open-database.ts'

/** A running worker. */
export interface WorkerHeartbeat {
  id: string
  host: string
  version: string
  concurrency: number
}

/** A worker without a heartbeat for this long does not count as running. */
export const heartbeatTimeoutMs = 20_000

const heartbeatSql = `
  with removed as (
    delete from workers
    where seen_at < now() - interval '1 day'
  )
  insert into workers (id, host, version, concurrency)
  values ($1, $2, $3, $4)
  on conflict (id) do update set
    seen_at = now()`

/** Stores a worker's heartbeat, and removes workers whose last one is a day old. */
export async function recordHeartbeat(
  { pool }: Pick<Database, 'pool'>,
  { id, host, version, concurrency }: WorkerHeartbeat,
): Promise<void> {
  await pool.query(heartbeatSql, [id, host, version, concurrency])
}

/** Removes the heartbeat of a worker that stops. */
export async function removeHeartbeat({ prisma }: Pick<Database, 'prisma'>, id: string): Promise<void> {
  await prisma.worker.deleteMany({ where: { id } })
}
