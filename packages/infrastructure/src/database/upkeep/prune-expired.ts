import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../connection/open-database.ts'
import { batch, type RetentionDays } from './prune-statement.ts'
import { pruneStatements } from './prune-statements.ts'

/** The pause between two batches, so that other statements run first. */
const pauseMs = 100

/**
 * Deletes expired rows in batches that are small enough not to delay other statements, until none is left or `stop`
 * aborts.
 * @returns the number of pruned rows by statement name, for the log; empty when nothing has expired
 */
export async function pruneExpired(
  { pool }: Pick<Database, 'pool'>,
  retention: RetentionDays,
  stop: AbortSignal,
): Promise<Record<string, number>> {
  const pruned: Record<string, number> = {}
  for (const { name, sql, retentionDays } of pruneStatements) {
    const days = retentionDays(retention)
    let last = batch
    while (last === batch && !stop.aborted) {
      last = (await pool.query(sql, days === null ? [] : [days])).rowCount ?? 0
      if (last > 0) pruned[name] = (pruned[name] ?? 0) + last
      if (last === batch) await pause(pauseMs, undefined, { signal: stop }).catch(() => {})
    }
  }
  return pruned
}
