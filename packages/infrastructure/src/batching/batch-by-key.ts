import { batchCalls } from './batch-calls.ts'

interface KeyedCalls<Item, Result> {
  call: (item: Item) => Promise<Result>
  pending: number
}

/**
 * Batches concurrent calls of the same key. While a batch of a key is in flight, its next one fills; those of other
 * keys do not wait for it. A failed batch fails for all its calls.
 * @param work handles a batch and returns the results in the order of its items
 * @param maxSize the most calls in one batch
 */
export function batchByKey<Item, Result>(
  work: (key: string, items: readonly Item[]) => Promise<readonly Result[]>,
  maxSize: number,
): (key: string, item: Item) => Promise<Result> {
  const byKey = new Map<string, KeyedCalls<Item, Result>>()
  const open = (key: string): KeyedCalls<Item, Result> => {
    const call = batchCalls((items: readonly Item[]) => work(key, items), {
      maxSize,
      maxInFlight: 1,
      shouldRetrySingly: () => false,
    })
    const calls = { call, pending: 0 }
    byKey.set(key, calls)
    return calls
  }
  return async (key, item) => {
    const calls = byKey.get(key) ?? open(key)
    calls.pending += 1
    try {
      return await calls.call(item)
    } finally {
      calls.pending -= 1
      if (calls.pending === 0) byKey.delete(key)
    }
  }
}
