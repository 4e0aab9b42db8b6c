/**
 * Durations are counted in buckets, four per doubling, from 1 ms on. So counts of any time ranges can be added, and a
 * percentile is at most a fifth off.
 */
const ratio = 2 ** 0.25

/** Up to 2^16 ms, longer than any attempt; the last bucket also has all longer durations. */
export const durationBucketCount = 66

/** The bucket of a duration, from 0. */
export function durationBucketOf(milliseconds: number): number {
  if (!(milliseconds > 1)) return 0
  const index = Math.ceil(Math.log(milliseconds) / Math.log(ratio) - 1e-9)
  return Math.min(index, durationBucketCount - 1)
}

/** Zero in every bucket. */
export function emptyDurationCounts(): number[] {
  return Array.from({ length: durationBucketCount }, () => 0)
}

/**
 * The percentile of the counted durations, in milliseconds; null when there are none. Assumes that durations are evenly
 * distributed within a bucket, on a logarithmic scale.
 * @param share in [0, 1], as in 0.95
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
