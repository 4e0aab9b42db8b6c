/**
 * Recognises holders that enqueue faster than their share. Their work gets a lower priority than that of others, so ten
 * thousand jobs of one holder do not delay the next job of another.
 */
export interface Bursts {
  /**
   * Counts one job of the holder. Returns its priority level: 0 within the share, then 1, 2, … as the excess doubles.
   */
  levelOf: (holder: string) => number
}

export interface BurstLimits {
  /** Jobs that a holder may enqueue at once without a lower priority. */
  burst: number
  /** Jobs per second that a holder may enqueue without a lower priority. */
  perSecond: number
}

const levelMax = 16
const holdersMax = 10_000

interface HolderBurst {
  /** Jobs enqueued beyond `perSecond`. */
  excess: number
  countedAt: number
}

/** @param now a monotonic clock in milliseconds */
export function openBursts(
  { burst, perSecond }: BurstLimits,
  now: () => number = () => performance.now(),
): Bursts {
  const holders = new Map<string, HolderBurst>()
  return {
    levelOf: (holder) => {
      const nowMs = now()
      const { excess, countedAt } = holders.get(holder) ?? { excess: 0, countedAt: nowMs }
      const drained = ((nowMs - countedAt) / 1_000) * perSecond
      const counted = { excess: Math.max(excess - drained, 0) + 1, countedAt: nowMs }
      holders.delete(holder)
      holders.set(holder, counted)
      const [oldest] = holders.keys()
      if (holders.size > holdersMax && oldest !== undefined) holders.delete(oldest)
      if (counted.excess <= burst) return 0
      return Math.min(1 + Math.floor(Math.log2(counted.excess / burst)), levelMax)
    },
  }
}
