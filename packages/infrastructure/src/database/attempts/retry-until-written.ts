import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import { sqlStateOf } from '../connection/database-error.ts'

/** Called with each error of a write that is repeated. */
export type OnWriteError = (error: unknown) => void

const waitMinMs = 50
const waitMaxMs = 2_000
/** Invalid data, a violated constraint: the same write fails again. */
const permanent = /^2[23]/

/**
 * Repeats a write until it succeeds, whatever the error: a lock, a lost connection, a database that is down. Waits
 * 50 ms at first and at most 2 s, with jitter.
 * @throws when the write itself is invalid, or the pool is closed
 */
export async function retryUntilWritten<T>(
  write: () => Promise<T>,
  pool: Pick<Pool, 'ending'>,
  onError: OnWriteError,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await write()
    } catch (error) {
      if (pool.ending || permanent.test(sqlStateOf(error))) throw error
      onError(error)
    }
    const waitMs = Math.min(waitMinMs * 2 ** Math.min(failures, 10), waitMaxMs)
    await pause(waitMs * (0.75 + Math.random() / 2), undefined, { ref: false })
  }
}
