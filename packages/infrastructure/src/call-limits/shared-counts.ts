import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'

/** Counts of all processes together. */
export interface SharedCounts {
  /** Counts one call; null when it is within the limit, else the milliseconds until the next may come. Rejects when the count could not be made. */
  take: (key: string) => Promise<number | null>
  close: () => void
}

/** What the last count of a caller said, and how many of its calls were let in since without being counted. */
interface Known {
  calls: number
  endsAt: number
  ahead: number
}

/** How long a call that was let in may wait to be counted. */
const aheadMs = 50
/** A process lets in no more of the limit than this before it counts them: as much too many each may let in. */
const aheadShare = 0.05
/** A caller that has made more of its calls is counted call by call. */
const nearShare = 0.5

export interface SharedCountsOptions {
  /** Calls allowed per window. */
  max: number
  /** Callers remembered at once. */
  keysMax: number
  /** Told when calls that were let in could not be counted. */
  onLost: (error: unknown) => void
}

/**
 * Counts where all processes count. A caller far from its limit does not wait for that: its calls of a moment are counted
 * together, afterwards.
 */
export function sharedCounts(
  limiter: RateLimiterAbstract,
  { max, keysMax, onLost }: SharedCountsOptions,
): SharedCounts {
  const known = new Map<string, Known>()
  let timer: NodeJS.Timeout | undefined
  const count = async (key: string, calls: number): Promise<number | null> => {
    const { counted, waitMs } = await consume(limiter, key, calls)
    const ahead = known.get(key)?.ahead ?? 0
    known.delete(key)
    // A refusal does not always say how many there were.
    const made = waitMs === null ? counted.consumedPoints : max
    known.set(key, { calls: made, endsAt: performance.now() + counted.msBeforeNext, ahead })
    const [oldest] = known.keys()
    if (known.size > keysMax && oldest !== undefined) known.delete(oldest)
    return waitMs
  }
  const catchUp = (): void => {
    timer = undefined
    for (const [key, one] of known) if (one.ahead > 0) count(key, take(one)).catch(onLost)
  }
  return {
    take: async (key) => {
      const one = known.get(key)
      if (!one || !isFar(one, max)) return count(key, 1 + (one ? take(one) : 0))
      one.ahead += 1
      timer ??= setTimeout(catchUp, aheadMs).unref()
      return null
    },
    close: () => clearTimeout(timer),
  }
}

function isFar({ calls, endsAt, ahead }: Known, max: number): boolean {
  return endsAt > performance.now() && ahead + 1 <= max * aheadShare && calls + ahead + 1 <= max * nearShare
}

function take(one: Known): number {
  const { ahead } = one
  one.ahead = 0
  return ahead
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
