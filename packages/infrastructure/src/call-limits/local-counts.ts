/** Counts of this process alone, in windows that begin with a caller's first call. */
export interface LocalCounts {
  /** Counts one call; null when it is within the limit, else the milliseconds until the next may come. */
  take: (key: string) => number | null
  /** Callers remembered at present. */
  size: () => number
}

interface Window {
  calls: number
  endsAt: number
}

/**
 * @param keysMax callers remembered at once: beyond it whoever's window began first is forgotten, as memory must not
 * grow with the number of addresses somebody can call from
 */
export function localCounts(
  { max, windowSeconds }: { max: number; windowSeconds: number },
  keysMax: number,
  now: () => number = () => performance.now(),
): LocalCounts {
  // In the order in which the windows began, and so in which they end.
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
