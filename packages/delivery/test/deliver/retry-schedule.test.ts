import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyText } from '../text/any-text.ts'
import { parseRetryAfterMs, retryAfterMaxMs } from '../../src/deliver/retry-after.ts'
import { defaultRetryScheduleMs, nextDelayMs } from '../../src/deliver/retry-schedule.ts'

const day = 86_400_000
const now = new Date('2026-11-23T12:00:00.000Z')
const almostOne = 1 - Number.EPSILON

const hours = (count: number) => count * 3_600_000

describe('the default schedule', () => {
  test('is the schedule that Standard Webhooks suggests', () => {
    expect(defaultRetryScheduleMs).toEqual([
      0,
      5_000,
      300_000,
      1_800_000,
      hours(2),
      hours(5),
      hours(10),
      hours(14),
      hours(20),
      hours(24),
    ])
  })

  test('ends after ten attempts', () => {
    expect(nextDelayMs(defaultRetryScheduleMs, 9, null, 0.5)).toBe(24 * 3_600_000)
    expect(nextDelayMs(defaultRetryScheduleMs, 10, null, 0.5)).toBeNull()
    expect(nextDelayMs(defaultRetryScheduleMs, 10, 1_000, 0.5)).toBeNull()
    expect(nextDelayMs(defaultRetryScheduleMs, 11, null, 0.5)).toBeNull()
  })
})

describe('the wait before the next attempt', () => {
  test.each<[random: number, ms: number]>([
    [0, 4_000],
    [0.25, 4_500],
    [0.5, 5_000],
    [0.75, 5_500],
    [almostOne, 6_000],
  ])('has a jitter of 20 %% in both directions: %d gives %d ms', (random, ms) => {
    expect(nextDelayMs(defaultRetryScheduleMs, 1, null, random)).toBe(ms)
  })

  test('is that of the receiver’s Retry-After if it is longer than the schedule’s', () => {
    expect(nextDelayMs(defaultRetryScheduleMs, 1, 90_000, 0.5)).toBe(90_000)
  })

  test('is that of the schedule if the receiver’s Retry-After is shorter', () => {
    expect(nextDelayMs(defaultRetryScheduleMs, 2, 1_000, 0.5)).toBe(300_000)
    expect(nextDelayMs(defaultRetryScheduleMs, 2, 0, 0.5)).toBe(300_000)
  })

  test('is at most a day for any Retry-After', () => {
    expect(nextDelayMs([0, 0], 1, 30 * day, 0.5)).toBe(day)
    expect(retryAfterMaxMs).toBe(day)
  })

  test('can be zero', () => {
    expect(nextDelayMs([0, 0], 1, null, 0.9)).toBe(0)
  })

  test('is null after the last attempt, also of an empty schedule', () => {
    expect(nextDelayMs([0], 1, 5_000, 0.5)).toBeNull()
    expect(nextDelayMs([], 1, null, 0.5)).toBeNull()
  })

  test('stays within its bounds for any schedule, Retry-After and random number', () => {
    const asked = fc.option(fc.integer({ min: 0, max: 10 * day }), { nil: null })
    const base = fc.integer({ min: 0, max: 10 * day })
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(base, asked, random, (ms, retryAfterMs, at) => {
        const wait = nextDelayMs([0, ms], 1, retryAfterMs, at) ?? Number.NaN
        expect(Number.isInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(Math.max(Math.floor(ms * 0.8), Math.min(retryAfterMs ?? 0, day)))
        expect(wait).toBeLessThanOrEqual(Math.max(Math.ceil(ms * 1.2), Math.min(retryAfterMs ?? 0, day)))
      }),
    )
  })
})

describe('Retry-After', () => {
  test.each<[string, number]>([
    ['0', 0],
    ['5', 5_000],
    [' 5 ', 5_000],
    ['007', 7_000],
    ['1.5', 1_500],
    ['0.0001', 1],
    ['86400', day],
    ['86401', day],
    ['9'.repeat(400), day],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 12:00:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Sat, 23 Nov 2030 12:00:00 GMT', day],
    ['Monday, 23-Nov-26 12:00:30 GMT', 30_000],
    ['Mon Nov 23 12:00:30 2026', 30_000],
    ['Mon Nov  2 12:00:30 2026', 0],
  ])('%j is %d ms', (value, ms) => {
    expect(parseRetryAfterMs(value, now)).toBe(ms)
  })

  test.each([
    '',
    ' ',
    '-1',
    '+5',
    '5s',
    '1e3',
    '0x10',
    '.5',
    '5.',
    'NaN',
    'Infinity',
    'soon',
    'later 5',
    'Mon, 99 Foo 2026 12:00:00 GMT',
    'Mon, ',
    'Tomorrow, 12:00',
    '2026-11-23T12:00:30Z',
    ', ,',
    'soon, later',
    '٥',
  ])('%j is invalid', (value) => {
    expect(parseRetryAfterMs(value, now)).toBeNull()
  })

  test.each([
    ['120, 120', 120_000],
    ['5,10', 10_000],
    ['600, 0', 600_000],
    ['soon, 5', 5_000],
    ['5, ', 5_000],
    ['Mon, 23 Nov 2026 12:00:30 GMT, Mon, 23 Nov 2026 12:01:00 GMT', 60_000],
    ['Monday, 23-Nov-26 12:00:30 GMT, 10', 30_000],
    ['10, Mon Nov 23 12:00:30 2026', 30_000],
    ['1, '.repeat(2_000) + '7', 7_000],
  ])('of several values the longest wait counts: %s', (value, ms) => {
    expect(parseRetryAfterMs(value, now)).toBe(ms)
  })

  test('that is missing has no value', () => {
    expect(parseRetryAfterMs(undefined, now)).toBeNull()
  })

  test('in the obsolete asctime format means the same in every time zone', () => {
    const zone = process.env['TZ']
    try {
      for (const name of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
        process.env['TZ'] = name
        expect(parseRetryAfterMs('Mon Nov 23 12:00:30 2026', now)).toBe(30_000)
      }
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })

  test('is null or between zero and a day for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyText(), fc.date().map(String)), (text) => {
        const ms = parseRetryAfterMs(text, now)
        expect(ms === null || (ms >= 0 && ms <= day)).toBe(true)
      }),
    )
  })

  test('with a future time is the time until then', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 }), (seconds) => {
        const at = new Date(now.getTime() + seconds * 1_000)
        expect(parseRetryAfterMs(at.toUTCString(), now)).toBe(seconds * 1_000)
        expect(parseRetryAfterMs(String(seconds), now)).toBe(seconds * 1_000)
      }),
    )
  })
})
