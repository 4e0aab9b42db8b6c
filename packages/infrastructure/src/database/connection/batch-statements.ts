import { batchCalls } from '../../batching/batch-calls.ts'
import { sqlStateOf } from './database-error.ts'

/** Most deliveries in one statement; with all that is kept of their answers that is about a megabyte. */
const batchMax = 100
/** While one batch is under way the next one fills. */
const batchesInFlight = 2
/** Bad data, a broken constraint, a deadlock: something one row may be to blame for. */
const singleRowError = /^(22|23|40)/

/** Many deliveries' turns at the same statement go together: one round trip and one commit for all. */
export function batchStatements<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  return batchCalls(work, {
    maxSize: batchMax,
    maxInFlight: batchesInFlight,
    shouldRetrySingly: (error) => singleRowError.test(sqlStateOf(error)),
  })
}
