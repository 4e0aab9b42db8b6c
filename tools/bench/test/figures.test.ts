import { describe, expect, it } from 'vitest'
import { median, medianRatio, percentile } from '../src/figures.ts'

describe('the median', () => {
  it('is the middle value in any order', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  it('is the mean of the two middle values of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5)
  })

  it('is NaN for no values', () => {
    expect(median([])).toBeNaN()
  })
})

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  it('is the smallest value that so many per cent do not exceed', () => {
    expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100])
  })

  it('of few values is the nearest one', () => {
    expect(percentile([1, 2, 3], 99)).toBe(3)
    expect(percentile([1, 2, 3], 1)).toBe(1)
  })

  it('counts a call without a response as the slowest', () => {
    expect(percentile([1, 2, Number.POSITIVE_INFINITY], 99)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the median ratio', () => {
  it('compares values of the same round, so that a slow round changes nothing', () => {
    expect(medianRatio([50, 5, 500], [100, 10, 1_000])).toBe(0.5)
  })
})
