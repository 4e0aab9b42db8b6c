import type { Pool, QueryConfig, QueryResultRow } from 'pg'

export interface Timed<R> {
  rows: R[]
  /** Milliseconds since the statement was sent, on a clock that only runs forward, also while a process is frozen. */
  ageMs: () => number
}

/** The statement fails of it, too; without a listener it would end the process. */
const ignoreBreak = (): void => {}

/** Runs one statement and lets its age be told. Waiting for a connection is no part of that. */
export async function timedQuery<R extends QueryResultRow>(
  pool: Pool,
  statement: QueryConfig,
): Promise<Timed<R>> {
  const client = await pool.connect()
  const sentAt = performance.now()
  let broken = true
  client.on('error', ignoreBreak)
  try {
    const { rows } = await client.query<R>(statement)
    broken = false
    return { rows, ageMs: () => performance.now() - sentAt }
  } finally {
    client.off('error', ignoreBreak)
    client.release(broken)
  }
}
