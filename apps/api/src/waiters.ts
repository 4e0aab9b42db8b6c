export interface Waiters {
  /** How many wait now. */
  count: () => number
  /** Runs `work` with the time it may wait: what was wished, or none when enough callers wait already. */
  waitWith: <T>(wishedMs: number, work: (waitMs: number) => Promise<T>) => Promise<T>
}

/** @param max callers that may wait at once for a delivery's first outcome; the others are told 202 at once */
export function openWaiters(max: number): Waiters {
  let waiting = 0
  return {
    count: () => waiting,
    waitWith: async (wishedMs, work) => {
      if (wishedMs === 0 || waiting >= max) return work(0)
      waiting += 1
      try {
        return await work(wishedMs)
      } finally {
        waiting -= 1
      }
    },
  }
}
