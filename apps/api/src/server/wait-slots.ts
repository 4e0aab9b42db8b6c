export interface WaitSlots {
  /** How many wait now. */
  count: () => number
  /** Runs `work` with the time it may wait for a receiver: what was wished, or none when enough callers wait already. */
  runWithWait: <T>(receiver: string, requestedMs: number, work: (waitMs: number) => Promise<T>) => Promise<T>
}

/**
 * Places to wait for a delivery's first outcome; who gets none is told 202 at once. A receiver's callers may take one
 * more while they have no more places than are free, so one that hangs gets half of all, and the others find room.
 * @param max callers that may wait at once
 */
export function openWaitSlots(max: number): WaitSlots {
  const waitingByReceiver = new Map<string, number>()
  let waiting = 0
  const changeCount = (receiver: string, by: 1 | -1): void => {
    const now = (waitingByReceiver.get(receiver) ?? 0) + by
    waiting += by
    if (now === 0) waitingByReceiver.delete(receiver)
    else waitingByReceiver.set(receiver, now)
  }
  return {
    count: () => waiting,
    runWithWait: async (receiver, requestedMs, work) => {
      const free = max - waiting
      if (requestedMs === 0 || free <= 0 || (waitingByReceiver.get(receiver) ?? 0) > free) return work(0)
      changeCount(receiver, 1)
      try {
        return await work(requestedMs)
      } finally {
        changeCount(receiver, -1)
      }
    },
  }
}
