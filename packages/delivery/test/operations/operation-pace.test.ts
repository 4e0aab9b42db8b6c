import { array, assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  membersPerSecondMax,
  hasCanaryPassed,
  startableMembers,
  membersPerStepMax,
  creditAfter,
  type Pace,
} from '../../src/operations/operation-pace.ts'

const pace = (changes: Partial<Pace> = {}): Pace => ({
  rate: 50,
  creditMs: 500,
  untried: 0,
  waiting: 0,
  left: 1_000_000,
  canaryLeft: null,
  ...changes,
})

describe('the room of an operation', () => {
  test.each([
    ['its rate, for the time that was not used', { rate: 100, creditMs: 250 }, 25],
    ['half a second’s worth, however long it has not begun any', { rate: 100, creditMs: 60_000 }, 50],
    ['nothing before one may be begun', { rate: 1, creditMs: 900 }, 0],
    ['one, once one may be begun', { rate: 1, creditMs: 60_000 }, 1],
    ['what is left of the canary', { canaryLeft: 4 }, 4],
    ['what is left of its members', { left: 3 }, 3],
    ['one more than are left where none is, to find that out', { left: 0 }, 1],
    ['one step, however high its rate', { rate: 10_000 }, membersPerStepMax],
    ['four seconds’ worth ahead of what was tried', { rate: 100, creditMs: 500, untried: 390 }, 10],
    ['nothing while too many have not been tried', { untried: 200, waiting: 200 }, 0],
    ['nothing while too many wait for their retry', { waiting: 10_000 }, 0],
    ['as ever while some wait for their retry', { waiting: 9_000 }, 25],
  ] as const)('is %s', (_limit, changes, expected) => {
    expect(startableMembers(pace(changes))).toBe(expected)
  })

  test('never lets it go faster than its rate, however it is asked', () => {
    const steps = array(integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 100 })
    assert(
      property(integer({ min: 1, max: 10_000 }), steps, (rate, gaps) => {
        let creditMs = 0
        let begun = 0
        let elapsedMs = 0
        for (const gap of gaps) {
          creditMs += gap
          elapsedMs += gap
          const startable = startableMembers(pace({ rate, creditMs }))
          if (startable > 0) creditMs = creditAfter(rate, creditMs, startable)
          begun += startable
          expect(begun).toBeLessThanOrEqual((rate * elapsedMs) / 1_000 + 1e-6)
        }
      }),
    )
  })

  test('lets it go at its rate when it is asked often enough', () => {
    for (const rate of [1, 3, 7, 50, 333, membersPerSecondMax]) {
      let creditMs = 0
      let begun = 0
      for (let step = 0; step < 400; step += 1) {
        creditMs += 250
        const startable = startableMembers(pace({ rate, creditMs }))
        if (startable > 0) creditMs = creditAfter(rate, creditMs, startable)
        begun += startable
      }
      expect(begun).toBeGreaterThanOrEqual(rate * 100 * 0.98)
    }
  })
})

describe('a canary', () => {
  test.each([
    [10, 0, true],
    [10, 2, true],
    [10, 3, false],
    [4, 1, false],
    [0, 0, true],
  ])('of %i with %i that failed is good: %s', (tried, failed, passes) => {
    expect(hasCanaryPassed({ tried, failed })).toBe(passes)
  })
})
