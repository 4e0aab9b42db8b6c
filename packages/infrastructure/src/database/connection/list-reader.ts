import { isDatabaseUnavailable, sqlStateOf } from './database-error.ts'
import type { Database } from './open-database.ts'
import { openFreshness } from './replica-freshness.ts'

/** What lists are read from. */
export type ListDatabase = Pick<Database, 'pool' | 'prisma'>

/** Runs a read that may be a little late. The work may run twice: on the replica, then on the primary. */
export type ReadLists = <T>(work: (database: ListDatabase) => Promise<T>) => Promise<T>

export interface ListReader {
  read: ReadLists
  /** Milliseconds a list may be late; 0 where there is no replica. */
  lateMaxMs: number
  close: () => Promise<void>
}

/** How long a replica that failed is left alone. */
const replicaBackoffMs = 2_000
/** https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT: what the replica had to cancel. */
const recoveryConflict = '40001'

function isReplicaFailure(error: unknown): boolean {
  const isTimeout = error instanceof Error && error.message === 'Query read timeout'
  return isTimeout || isDatabaseUnavailable(error) || sqlStateOf(error) === recoveryConflict
}

/** Lists are read where everything else is. */
export function readListsFrom(database: ListDatabase): ListReader {
  return { read: (work) => work(database), lateMaxMs: 0, close: async () => {} }
}

/**
 * Reads lists from a replica as long as it answers and has everything that was committed up to `lateMaxMs` ago, else
 * from the primary.
 * @param onFallback told why, when a read has to go to the primary
 */
export function readListsFromReplica(
  primary: ListDatabase,
  replica: Pick<Database, 'pool' | 'prisma' | 'close'>,
  lateMaxMs: number,
  onFallback: (why: unknown) => void,
): ListReader {
  const freshness = openFreshness(primary.pool, replica.pool, lateMaxMs)
  let backoffUntil = 0
  const backOff = (why: unknown): void => {
    backoffUntil = Date.now() + replicaBackoffMs
    onFallback(why)
  }
  const isUsable = async (): Promise<boolean> => {
    if (Date.now() < backoffUntil) return false
    const fresh = await freshness.isFresh().catch((error: unknown) => (backOff(error), null))
    if (fresh === false) onFallback(new Error(`the replica is more than ${lateMaxMs} ms behind`))
    return fresh === true
  }
  return {
    lateMaxMs,
    read: async (work) => {
      if (!(await isUsable())) return work(primary)
      try {
        return await work(replica)
      } catch (error) {
        if (!isReplicaFailure(error)) throw error
        backOff(error)
        return work(primary)
      }
    },
    close: replica.close,
  }
}
