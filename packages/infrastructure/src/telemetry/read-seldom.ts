export interface SeldomOptions {
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
export function readSeldom<T>(read: () => Promise<T>, options: SeldomOptions): () => Promise<T | null> {
  let known: { value: T; until: number } | null = null
  let reading: Promise<void> | null = null
  const start = async (): Promise<void> => {
    try {
      const value = await read()
      known = { value, until: performance.now() + options.freshMs }
    } catch {
      known = null
    } finally {
      reading = null
    }
  }
  return async () => {
    if (known === null || known.until <= performance.now()) {
      known = null
      reading ??= start()
      await atMost(options.waitMs, reading)
    }
    if (known === null) options.onMissing()
    return known?.value ?? null
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise: enough, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, enough])
  clearTimeout(timer)
}
