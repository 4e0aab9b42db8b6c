export interface Waiters {
  /** How many wait now. */
  count: () => number
  /** Runs `work` with the time it may wait for a receiver: what was wished, or none when enough callers wait already. */
  waitWith: <T>(receiver: string, wishedMs: number, work: (waitMs: number) => Promise<T>) => Promise<T>
}

/**
 * Places to wait for a delivery's first outcome; who gets none is told 202 at once. A receiver's callers may take one
 * more while they have no more places than are free, so one that hangs gets half of all, and the others find room.
 * @param max callers that may wait at once
 */
export function openWaiters(max: number): Waiters {
  const waitingFor = new Map<string, number>()
  let waiting = 0
  const move = (receiver: string, by: 1 | -1): void => {
    const now = (waitingFor.get(receiver) ?? 0) + by
    waiting += by
    if (now === 0) waitingFor.delete(receiver)
    else waitingFor.set(receiver, now)
  }
  return {
    count: () => waiting,
    waitWith: async (receiver, wishedMs, work) => {
      const free = max - waiting
      if (wishedMs === 0 || free <= 0 || (waitingFor.get(receiver) ?? 0) > free) return work(0)
      move(receiver, 1)
      try {
        return await work(wishedMs)
      } finally {
        move(receiver, -1)
      }
    },
  }
}
