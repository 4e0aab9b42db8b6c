import type { PoolClient } from 'pg'
import { isDatabaseUnavailable } from './database-error.ts'
import type { Database } from './open-database.ts'

/** Runs statements in one transaction on one connection. Rolls back and rethrows when `work` throws. */
export async function inTransaction<T>(
  { pool }: Pick<Database, 'pool'>,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // A rollback on a dead connection would wait for its timeout. Closing the connection rolls back, too.
    if (isDatabaseUnavailable(error)) broken = true
    else await client.query('rollback').catch(() => (broken = true))
    throw error
  } finally {
    client.release(broken)
  }
}
