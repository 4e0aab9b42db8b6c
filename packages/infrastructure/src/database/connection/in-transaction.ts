import type { PoolClient } from 'pg'
import { isDatabaseUnavailable } from './database-error.ts'
import type { Database } from './open-database.ts'

/** Runs statements on one connection; all of them count, or, when one fails, none. */
export async function inTransaction<T>(
  { pool }: Pick<Database, 'pool'>,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken = false
  // Between two statements nobody else listens, and a connection that breaks then would end the process.
  const markBroken = (): void => void (broken = true)
  client.on('error', markBroken)
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // A connection that is dead would be waited for once more; closing it rolls back, too.
    if (isDatabaseUnavailable(error)) broken = true
    else await client.query('rollback').catch(() => (broken = true))
    throw error
  } finally {
    client.off('error', markBroken)
    client.release(broken)
  }
}
