/** Runs work with bounded concurrency. Work that waits is taken from one holder after another, in turn. */
export interface FairQueue {
  /**
   * Runs `work` when a slot is free and it is the holder's turn.
   * Resolves to null, without running `work`, when too much work of this holder waits already.
   */
  run: <T>(holder: string, work: () => Promise<T>) => Promise<{ value: T } | null>
  running: () => number
  waiting: () => number
}

export interface FairQueueLimits {
  /** Most work that runs at once. */
  concurrency: number
  /** Most work of one holder that runs at once; `concurrency` unless given. */
  perHolder?: number
  /** Most work of one holder that waits. */
  waitingPerHolder: number
  /** Most work of all holders that waits. */
  waitingMax: number
}

interface HolderQueue {
  running: number
  waiting: (() => void)[]
}

export function openFairQueue(limits: FairQueueLimits): FairQueue {
  const { concurrency, perHolder = concurrency, waitingPerHolder, waitingMax } = limits
  /** In the order of their turns: a holder moves to the end when its work starts and when it ends. */
  const holders = new Map<string, HolderQueue>()
  let running = 0
  let waiting = 0
  const stateOf = (holder: string): HolderQueue => holders.get(holder) ?? { running: 0, waiting: [] }
  const moveToEnd = (holder: string, state: HolderQueue): void => {
    holders.delete(holder)
    holders.set(holder, state)
  }
  const start = (holder: string, state: HolderQueue): void => {
    running += 1
    state.running += 1
    moveToEnd(holder, state)
  }
  const startNext = (): void => {
    if (running >= concurrency) return
    for (const [holder, state] of holders) {
      if (state.running >= perHolder) continue
      const next = state.waiting.shift()
      if (!next) continue
      waiting -= 1
      start(holder, state)
      return next()
    }
  }
  const end = (holder: string, state: HolderQueue): void => {
    running -= 1
    state.running -= 1
    if (state.running > 0 || state.waiting.length > 0) moveToEnd(holder, state)
    else holders.delete(holder)
    startNext()
  }
  const turnOf = async (holder: string, state: HolderQueue): Promise<boolean> => {
    if (running < concurrency && state.running < perHolder) {
      start(holder, state)
      return true
    }
    if (state.waiting.length >= waitingPerHolder || waiting >= waitingMax) return false
    waiting += 1
    if (!holders.has(holder)) holders.set(holder, state)
    await new Promise<void>((resolve) => void state.waiting.push(resolve))
    return true
  }
  return {
    run: async (holder, work) => {
      const state = stateOf(holder)
      if (!(await turnOf(holder, state))) return null
      try {
        return { value: await work() }
      } finally {
        end(holder, state)
      }
    },
    running: () => running,
    waiting: () => waiting,
  }
}
