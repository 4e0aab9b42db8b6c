export interface WaitSlots {
  /** The number of callers that wait now. */
  count: () => number
  /** Runs `work` with the time it may wait: `requestedMs`, or 0 if the receiver's callers have no free slot. */
  runWithWait: <T>(receiver: string, requestedMs: number, work: (waitMs: number) => Promise<T>) => Promise<T>
}

/**
 * Slots for callers that wait for a delivery's first outcome. A caller without a slot gets 202 at once. A receiver's
 * callers may take another slot while they use no more slots than are free, so a receiver that hangs gets at most half
 * of all slots.
 * @param max most callers that wait at once
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
