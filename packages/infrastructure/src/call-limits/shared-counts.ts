import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'

/** Counts the calls of all processes. */
export interface SharedCounts {
  /**
   * Counts one call. Resolves to null within the limit, else to the milliseconds until the next window. Rejects when
   * the store did not count the call.
   */
  take: (key: string) => Promise<number | null>
  close: () => void
}

/** The last count of a caller, and the number of its calls that were admitted since and not counted yet. */
interface CallerCount {
  calls: number
  endsAt: number
  uncounted: number
}

/** How long after its admission a call is counted at the latest. */
const countDelayMs = 50
/** The share of the limit that a process admits before it counts. Each process may exceed the limit by this share. */
const uncountedShareMax = 0.05
/** Above this share of the limit, each call is counted before it is admitted. */
const exactFromShare = 0.5

export interface SharedCountsOptions {
  /** Calls allowed per window. */
  max: number
  /** The most callers with a count. */
  keysMax: number
  /** Called when admitted calls could not be counted. */
  onError: (error: unknown) => void
}

/**
 * Counts in the store that all processes share. A call of a caller far below its limit is admitted at once, and counted
 * afterwards together with the caller's other calls of the same 50 ms.
 */
export function sharedCounts(
  limiter: RateLimiterAbstract,
  { max, keysMax, onError }: SharedCountsOptions,
): SharedCounts {
  const callers = new Map<string, CallerCount>()
  let timer: NodeJS.Timeout | undefined
  const count = async (key: string, calls: number): Promise<number | null> => {
    const { counted, waitMs } = await consume(limiter, key, calls)
    const uncounted = callers.get(key)?.uncounted ?? 0
    callers.delete(key)
    // A refusal does not always contain the number of calls.
    const total = waitMs === null ? counted.consumedPoints : max
    callers.set(key, { calls: total, endsAt: performance.now() + counted.msBeforeNext, uncounted })
    const [oldest] = callers.keys()
    if (callers.size > keysMax && oldest !== undefined) callers.delete(oldest)
    return waitMs
  }
  const countPending = (): void => {
    timer = undefined
    for (const [key, caller] of callers)
      if (caller.uncounted > 0) count(key, takeUncounted(caller)).catch(onError)
  }
  return {
    take: async (key) => {
      const caller = callers.get(key)
      if (!caller || !isFarBelowLimit(caller, max))
        return count(key, 1 + (caller ? takeUncounted(caller) : 0))
      caller.uncounted += 1
      timer ??= setTimeout(countPending, countDelayMs).unref()
      return null
    },
    close: () => clearTimeout(timer),
  }
}

function isFarBelowLimit({ calls, endsAt, uncounted }: CallerCount, max: number): boolean {
  return (
    endsAt > performance.now() &&
    uncounted + 1 <= max * uncountedShareMax &&
    calls + uncounted + 1 <= max * exactFromShare
  )
}

function takeUncounted(caller: CallerCount): number {
  const { uncounted } = caller
  caller.uncounted = 0
  return uncounted
}

async function consume(
  limiter: RateLimiterAbstract,
  key: string,
  calls: number,
): Promise<{ counted: RateLimiterRes; waitMs: number | null }> {
  try {
    return { counted: await limiter.consume(key, calls), waitMs: null }
  } catch (error) {
    if (error instanceof RateLimiterRes) return { counted: error, waitMs: error.msBeforeNext }
    throw error
  }
}
