import { batchCalls } from '../../batching/batch-calls.ts'
import { sqlStateOf } from './database-error.ts'

export const batchLimits = {
  /** Most deliveries in one statement: with all stored parts of their responses, about one megabyte. */
  maxSize: 100,
  /** While one batch runs, the next one fills. */
  maxInFlight: 2,
} as const
/** Invalid data, a violated constraint, a deadlock: errors that a single row can cause. */
const singleRowError = /^(22|23|40)/

/** Runs the same statement for many deliveries in one round trip and one commit. */
export function batchStatements<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  return batchCalls(work, {
    ...batchLimits,
    shouldRetrySingly: (error) => singleRowError.test(sqlStateOf(error)),
  })
}
