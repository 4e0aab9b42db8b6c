export interface CachedReadOptions {
  /** How long an answer is good for. */
  freshMs: number
  /** How long who asks waits for one. */
  waitMs: number
  /** Told when there is none: the store failed, or takes longer. */
  onMissing: () => void
}

/**
 * Makes `read` fit to be asked by anyone at any time: it runs at most once per `freshMs` and never twice at once, and
 * who asks waits at most `waitMs`. What comes too late is there for the next who asks.
 * @returns what was read, or null when there is nothing fresh
 */
export function cachedRead<T>(read: () => Promise<T>, options: CachedReadOptions): () => Promise<T | null> {
  let cached: { value: T; until: number } | null = null
  let pending: Promise<void> | null = null
  const refresh = async (): Promise<void> => {
    try {
      const value = await read()
      cached = { value, until: performance.now() + options.freshMs }
    } catch {
      cached = null
    } finally {
      pending = null
    }
  }
  return async () => {
    if (cached === null || cached.until <= performance.now()) {
      cached = null
      pending ??= refresh()
      await waitAtMost(options.waitMs, pending)
    }
    if (cached === null) options.onMissing()
    return cached?.value ?? null
  }
}

async function waitAtMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, timeout])
  clearTimeout(timer)
}
