export interface BatchOptions {
  /** Most calls in one batch. */
  maxSize: number
  /** Most batches under way at once. */
  maxInFlight: number
  /** Whether a batch that failed so may succeed call by call: one of them may have been what it failed for. */
  shouldRetrySingly: (error: unknown) => boolean
}

interface PendingCall<Item, Result> {
  item: Item
  resolve: (result: Result | Promise<Result>) => void
  reject: (error: unknown) => void
}

/**
 * Lets calls that come in one turn of the event loop, or while earlier ones are under way, go together: one statement,
 * one commit, for all of them. Nobody waits for company longer than that.
 * @param work does many at once; answers in the order of its items. An answer that is a promise is waited for by its own
 * caller alone, and holds up no other batch.
 */
export function batchCalls<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>,
  { maxSize, maxInFlight, shouldRetrySingly }: BatchOptions,
): (item: Item) => Promise<Result> {
  let pending: PendingCall<Item, Result>[] = []
  let running = 0
  let isScheduled = false

  const run = async (batch: readonly PendingCall<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(batch.map(({ item }) => item))
      for (const [index, one] of batch.entries()) one.resolve(results[index] as Result | Promise<Result>)
    } catch (error) {
      if (batch.length === 1 || !shouldRetrySingly(error)) for (const one of batch) one.reject(error)
      else for (const one of batch) await run([one])
    }
  }
  const startBatches = (): void => {
    isScheduled = false
    while (running < maxInFlight && pending.length > 0) {
      const batch = pending.slice(0, maxSize)
      pending = pending.slice(maxSize)
      running += 1
      void run(batch).finally(() => {
        running -= 1
        schedule()
      })
    }
  }
  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    setImmediate(startBatches)
  }
  return (item) =>
    new Promise((resolve, reject) => {
      pending.push({ item, resolve, reject })
      schedule()
    })
}
