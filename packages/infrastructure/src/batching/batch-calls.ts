export interface BatchOptions {
  /** The most calls in one batch. */
  maxSize: number
  /** The most batches in flight. */
  maxInFlight: number
  /** Whether a failed batch is repeated call by call, because a single call may have caused the error. */
  shouldRetrySingly: (error: unknown) => boolean
}

interface PendingCall<Item, Result> {
  item: Item
  resolve: (result: Result | Promise<Result>) => void
  reject: (error: unknown) => void
}

/**
 * Batches concurrent calls. A call alone is sent on the next tick of the event loop; while `maxInFlight` batches run,
 * the
 * next one fills.
 * @param work handles a batch and returns the results in the order of its items. Where a result is a promise, only its
 * own caller waits for it.
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
