import { describe, expect, test } from 'vitest'
import { formatDrain } from '../src/pages/overview/format-drain.ts'
import { formatMilliseconds, formatPercent } from '../src/stats/format-stats.ts'
import { labelledIndexes, linePath, ticksUpTo } from '../src/ui/chart/scale.ts'
import { formatBucket, formatTick } from '../src/ui/chart/format-bucket.ts'

describe('an axis', () => {
  test.each([
    [0, [0, 1]],
    [7, [0, 2, 4, 6, 8]],
    [640, [0, 200, 400, 600, 800]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [Number.NaN, [0, 1]],
  ])('up to %d has the ticks %j', (largest, ticks) => {
    expect(ticksUpTo(largest)).toEqual(ticks)
  })

  test.each([0.004, 1, 3, 49, 1_234, 99_999])('reaches %d and less than twice that', (largest) => {
    const top = ticksUpTo(largest).at(-1) ?? 0
    expect(top).toBeGreaterThanOrEqual(largest)
    expect(top).toBeLessThan(largest * 2)
  })

  test('has only labels that do not overlap', () => {
    expect(labelledIndexes(96, 400, 76)).toEqual([0, 20, 40, 60, 80])
    expect(labelledIndexes(3, 1_000, 76)).toEqual([0, 1, 2])
    expect(labelledIndexes(0, 100, 76)).toEqual([])
  })
})

test('a line has a gap where there is no value', () => {
  expect(linePath([[0, 1], [1, 2], null, [3, 4.26]])).toBe('M0 1L1 2M3 4.3')
})

describe('a bucket', () => {
  test('is formatted as times of day when it is short, and with its day when it is long', () => {
    expect(formatBucket('2026-11-23T14:15:00Z', 900, 'utc')).toBe('14:15–14:30')
    expect(formatBucket('2026-11-23T18:00:00Z', 21_600, 'utc')).toBe('23 Nov 18:00–00:00')
    expect(formatTick('2026-11-23T14:15:00Z', 900, 'utc')).toBe('14:15')
    expect(formatTick('2026-11-23T18:00:00Z', 7_200, 'utc')).toBe('23 Nov')
  })
})

test('only a share of 1 is formatted as 100 %', () => {
  expect(formatPercent(0.9999)).toBe('99.9 %')
  expect(formatPercent(1)).toBe('100 %')
  expect(formatPercent(null)).toBe('–')
})

test('durations have at most one decimal', () => {
  expect([0.42, 12.6, 812.4, 4_230, null].map(formatMilliseconds)).toEqual([
    '0.4 ms',
    '13 ms',
    '812 ms',
    '4.2 s',
    '–',
  ])
})

test.each([
  ['idle', {}, 'nothing waits'],
  ['growing', { per_minute: 12 }, 'not draining: +12 a minute'],
  ['growing', { per_minute: 0 }, 'not draining: as many arrive as are sent'],
  ['draining', { seconds_low: 120, seconds_high: 130 }, 'about 2 min'],
  ['draining', { seconds_low: 60, seconds_high: 300 }, '1 min to 5 min'],
  ['no_worker', {}, 'not draining: no worker is running'],
] as const)('a lane that is %s with %j is shown as %j', (state, numbers, text) => {
  expect(formatDrain({ state, per_minute: null, seconds_low: null, seconds_high: null, ...numbers })).toBe(
    text,
  )
})

test('an axis of counts has no halves', () => {
  expect(ticksUpTo(2, 4, 1)).toEqual([0, 1, 2])
  expect(ticksUpTo(9, 4, 1)).toEqual([0, 5, 10])
  expect(ticksUpTo(2)).toEqual([0, 0.5, 1, 1.5, 2])
})
