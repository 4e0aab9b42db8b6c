export interface GatherOptions {
  /** Most calls in one batch. */
  max: number
  /** Most batches under way at once. */
  inFlight: number
  /** Whether a batch that failed so may succeed call by call: one of them may have been what it failed for. */
  mayBeOneOfThem: (error: unknown) => boolean
}

interface Waiting<Item, Result> {
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
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>,
  { max, inFlight, mayBeOneOfThem }: GatherOptions,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = []
  let running = 0
  let going = false

  const run = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(batch.map(({ item }) => item))
      for (const [index, one] of batch.entries()) one.resolve(results[index] as Result | Promise<Result>)
    } catch (error) {
      if (batch.length === 1 || !mayBeOneOfThem(error)) for (const one of batch) one.reject(error)
      else for (const one of batch) await run([one])
    }
  }
  const go = (): void => {
    going = false
    while (running < inFlight && waiting.length > 0) {
      const batch = waiting.slice(0, max)
      waiting = waiting.slice(max)
      running += 1
      void run(batch).finally(() => {
        running -= 1
        goSoon()
      })
    }
  }
  const goSoon = (): void => {
    if (going) return
    going = true
    setImmediate(go)
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      goSoon()
    })
}
