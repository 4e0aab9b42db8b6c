import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'

/** Counts of all processes together. */
export interface SharedCounts {
  /** Counts one call; null when it is within the limit, else the milliseconds until the next may come. Rejects when the count could not be made. */
  take: (key: string) => Promise<number | null>
  close: () => void
}

/** What the last count of a caller said, and how many of its calls were let in since without being counted. */
interface CallerCount {
  calls: number
  endsAt: number
  uncounted: number
}

/** How long a call that was let in may wait to be counted. */
const countDelayMs = 50
/** A process lets in no more of the limit than this before it counts them: as much too many each may let in. */
const uncountedShareMax = 0.05
/** A caller that has made more of its calls is counted call by call. */
const exactFromShare = 0.5

export interface SharedCountsOptions {
  /** Calls allowed per window. */
  max: number
  /** Callers remembered at once. */
  keysMax: number
  /** Told when calls that were let in could not be counted. */
  onError: (error: unknown) => void
}

/**
 * Counts where all processes count. A caller far from its limit does not wait for that: its calls of a moment are counted
 * together, afterwards.
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
    // A refusal does not always say how many there were.
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
