import { isDatabaseUnavailable, stateOf } from './is-unavailable.ts'
import type { Database } from './open-database.ts'
import { openFreshness } from './replica-freshness.ts'

/** What lists are read from. */
export type ListDatabase = Pick<Database, 'pool' | 'prisma'>

/** Runs a read that may be a little late. The work may run twice: on the replica, then on the primary. */
export type ReadLists = <T>(work: (database: ListDatabase) => Promise<T>) => Promise<T>

export interface ListReads {
  read: ReadLists
  /** Milliseconds a list may be late; 0 where there is no replica. */
  lateMaxMs: number
  close: () => Promise<void>
}

/** How long a replica that failed is left alone. */
const leaveAloneMs = 2_000
/** https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT: what the replica had to cancel. */
const recoveryConflict = '40001'

function isReplicasFault(error: unknown): boolean {
  const saysNothing = error instanceof Error && error.message === 'Query read timeout'
  return saysNothing || isDatabaseUnavailable(error) || stateOf(error) === recoveryConflict
}

/** Lists are read where everything else is. */
export function readListsFrom(database: ListDatabase): ListReads {
  return { read: (work) => work(database), lateMaxMs: 0, close: async () => {} }
}

/**
 * Reads lists from a replica as long as it answers and has everything that was committed up to `lateMaxMs` ago, else
 * from the primary.
 * @param onLeft told why, when a read has to go to the primary
 */
export function readListsFromReplica(
  primary: ListDatabase,
  replica: Pick<Database, 'pool' | 'prisma' | 'close'>,
  lateMaxMs: number,
  onLeft: (why: unknown) => void,
): ListReads {
  const freshness = openFreshness(primary.pool, replica.pool, lateMaxMs)
  let leaveAloneUntil = 0
  const leave = (why: unknown): void => {
    leaveAloneUntil = Date.now() + leaveAloneMs
    onLeft(why)
  }
  const isUsable = async (): Promise<boolean> => {
    if (Date.now() < leaveAloneUntil) return false
    const fresh = await freshness.isFresh().catch((error: unknown) => (leave(error), null))
    if (fresh === false) onLeft(new Error(`the replica is more than ${lateMaxMs} ms behind`))
    return fresh === true
  }
  return {
    lateMaxMs,
    read: async (work) => {
      if (!(await isUsable())) return work(primary)
      try {
        return await work(replica)
      } catch (error) {
        if (!isReplicasFault(error)) throw error
        leave(error)
        return work(primary)
      }
    },
    close: replica.close,
  }
}
