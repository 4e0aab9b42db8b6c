import { passingFaultOf, sqlStateOf } from './database-error.ts'
import type { Database } from './open-database.ts'
import { openFreshness } from './replica-freshness.ts'

/** The database that lists are read from: the primary or a replica. */
export type ListDatabase = Pick<Database, 'pool' | 'prisma'>

/** Runs a read that may return slightly old data. `work` may run twice: on the replica, then on the primary. */
export type ReadLists = <T>(work: (database: ListDatabase) => Promise<T>) => Promise<T>

export interface ListReader {
  read: ReadLists
  /** How old a list may be, in milliseconds; 0 without a replica. */
  lateMaxMs: number
  close: () => Promise<void>
}

/** How long reads avoid a replica after it failed. */
const replicaBackoffMs = 2_000
/**
 * SQLSTATE of a query that the replica cancelled:
 * https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT
 */
const recoveryConflict = '40001'

function isReplicaFailure(error: unknown): boolean {
  const fault = passingFaultOf(error)
  return fault === 'unavailable' || fault === 'no_connection' || sqlStateOf(error) === recoveryConflict
}

/** Reads lists from the primary. */
export function readListsFrom(database: ListDatabase): ListReader {
  return { read: (work) => work(database), lateMaxMs: 0, close: async () => {} }
}

/**
 * Reads lists from the replica while it responds and has replayed everything that was committed up to `lateMaxMs` ago.
 * Otherwise reads them from the primary.
 * @param onFallback called with the reason when a read goes to the primary
 * @param now a monotonic clock, in milliseconds
 */
export function readListsFromReplica(
  primary: ListDatabase,
  replica: Pick<Database, 'pool' | 'prisma' | 'close'>,
  lateMaxMs: number,
  onFallback: (why: unknown) => void,
  now: () => number = () => performance.now(),
): ListReader {
  const freshness = openFreshness(primary.pool, replica.pool, lateMaxMs, now)
  let backoffUntilMs = -Infinity
  const backOff = (why: unknown): void => {
    backoffUntilMs = now() + replicaBackoffMs
    onFallback(why)
  }
  const isUsable = async (): Promise<boolean> => {
    if (now() < backoffUntilMs) return false
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
