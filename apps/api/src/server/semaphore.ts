/** A bounded number of places for what goes on for long. */
export interface Semaphore {
  inUse: () => number
  /** Takes a place and returns how to leave it, which may be called again; null when all are taken. */
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
