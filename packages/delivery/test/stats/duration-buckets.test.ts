import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  durationBucketCount,
  durationBucketOf,
  emptyDurationCounts,
  percentileOf,
} from '../../src/stats/duration-buckets.ts'

function counted(durations: readonly number[]): number[] {
  const counts = emptyDurationCounts()
  for (const duration of durations) {
    const index = durationBucketOf(duration)
    counts[index] = (counts[index] ?? 0) + 1
  }
  return counts
}

describe('a duration', () => {
  test.each([
    [0, 0],
    [1, 0],
    [1.15, 1],
    [2, 4],
    [1_000, 40],
    [3_600_000, durationBucketCount - 1],
    [Number.NaN, 0],
    [-5, 0],
  ])('of %d ms belongs to bucket %d', (milliseconds, index) => {
    expect(durationBucketOf(milliseconds)).toBe(index)
  })

  test('is never in a lower bucket than a shorter one', () => {
    const duration = fc.double({ min: 0, max: 100_000, noNaN: true })
    fc.assert(
      fc.property(duration, duration, (one, other) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)]
        expect(durationBucketOf(short)).toBeLessThanOrEqual(durationBucketOf(long))
      }),
    )
  })
})

describe('a percentile', () => {
  test('of no durations is null', () => {
    expect(percentileOf(emptyDurationCounts(), 0.95)).toBeNull()
    expect(percentileOf([], 0.5)).toBeNull()
  })

  test('differs from the exact value by at most one bucket', () => {
    const durations = fc.array(fc.double({ min: 1.01, max: 60_000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    })
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99), (sample, share) => {
        const sorted = sample.toSorted((one, other) => one - other)
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
        const estimate = percentileOf(counted(sample), share) ?? 0
        expect(estimate / exact).toBeGreaterThan(1 / 1.19)
        expect(estimate / exact).toBeLessThan(1.19)
      }),
    )
  })

  test('can be computed from the sum of several counts', () => {
    const [fast, slow] = [counted([10, 10, 10]), counted([900])]
    const all = fast.map((count, index) => count + (slow[index] ?? 0))
    expect(percentileOf(all, 0.5)).toBeLessThan(11.9)
    expect(percentileOf(all, 0.99)).toBeGreaterThan(700)
  })
})
