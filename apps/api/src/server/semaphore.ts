/** A bounded number of slots for long-running work. It never waits for a slot. */
export interface Semaphore {
  inUse: () => number
  /** Takes a slot and returns an idempotent release function; null if all slots are taken. */
  tryAcquire: () => (() => void) | null
}

export function openSemaphore(max: number): Semaphore {
  let inUse = 0
  return {
    inUse: () => inUse,
    tryAcquire: () => {
      if (inUse >= max) return null
      inUse += 1
      let acquired = true
      return () => {
        if (acquired) inUse -= 1
        acquired = false
      }
    },
  }
}
