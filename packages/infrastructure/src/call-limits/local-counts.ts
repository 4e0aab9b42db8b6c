/** Counts the calls of this process alone. A caller's window begins with its first call. */
export interface LocalCounts {
  /** Counts one call; null when it is within the limit, else the milliseconds until the next may come. */
  take: (key: string) => number | null
  /** The number of callers with a count. */
  size: () => number
}

interface Window {
  calls: number
  endsAt: number
}

/**
 * @param keysMax the most callers with a count. Beyond it, the count whose window began first is dropped: an attacker
 * with many addresses must not fill the memory
 */
export function localCounts(
  { max, windowSeconds }: { max: number; windowSeconds: number },
  keysMax: number,
  now: () => number = () => performance.now(),
): LocalCounts {
  // In the order in which the windows began. They end in the same order.
  const windows = new Map<string, Window>()
  const begin = (key: string): Window => {
    const window = { calls: 0, endsAt: now() + windowSeconds * 1_000 }
    windows.delete(key)
    windows.set(key, window)
    const [oldest] = windows.keys()
    if (windows.size > keysMax && oldest !== undefined) windows.delete(oldest)
    return window
  }
  return {
    take: (key) => {
      const known = windows.get(key)
      const window = known && known.endsAt > now() ? known : begin(key)
      window.calls += 1
      return window.calls <= max ? null : window.endsAt - now()
    },
    size: () => windows.size,
  }
}
