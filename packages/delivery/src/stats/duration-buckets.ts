/**
 * Durations are counted in classes, not kept: four to each doubling, from 1 ms on. So counts of any spans of time add up,
 * and what is read back is at most a fifth off.
 */
const ratio = 2 ** 0.25

/** Up to 2^16 ms, a little over a minute, which is longer than any attempt; what is longer is in the last one. */
export const durationBucketCount = 66

/** The class a duration belongs to, from 0. */
export function durationBucketOf(milliseconds: number): number {
  if (!(milliseconds > 1)) return 0
  const index = Math.ceil(Math.log(milliseconds) / Math.log(ratio) - 1e-9)
  return Math.min(index, durationBucketCount - 1)
}

/** No durations at all. */
export function emptyDurationCounts(): number[] {
  return Array.from({ length: durationBucketCount }, () => 0)
}

/**
 * The duration, in milliseconds, that this share of all stays below, as in 0.95; null when there are none. Within its
 * class they are taken to lie evenly on the scale of the classes.
 */
export function percentileOf(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.max(share * total, Number.MIN_VALUE)
  let cumulative = 0
  for (const [index, count] of counts.entries()) {
    if (count > 0 && cumulative + count >= rank) return valueInBucket(index, (rank - cumulative) / count)
    cumulative += count
  }
  return ratio ** (counts.length - 1)
}

function valueInBucket(index: number, fraction: number): number {
  return index === 0 ? fraction : ratio ** (index - 1 + fraction)
}
