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

describe('the number of members that may start', () => {
  test.each([
    ['the rate for the unused time', { rate: 100, creditMs: 250 }, 25],
    ['half a second’s worth after any longer pause', { rate: 100, creditMs: 60_000 }, 50],
    ['zero before the rate allows one', { rate: 1, creditMs: 900 }, 0],
    ['one as soon as the rate allows it', { rate: 1, creditMs: 60_000 }, 1],
    ['the rest of the canary', { canaryLeft: 4 }, 4],
    ['the rest of the members', { left: 3 }, 3],
    ['one when none is left, so that a step ends the operation', { left: 0 }, 1],
    ['the limit of a step at any higher rate', { rate: 10_000 }, membersPerStepMax],
    ['four seconds’ worth minus the untried', { rate: 100, creditMs: 500, untried: 390 }, 10],
    ['zero while too many are untried', { untried: 200, waiting: 200 }, 0],
    ['zero while too many wait for a retry', { waiting: 10_000 }, 0],
    ['unchanged while fewer wait for a retry', { waiting: 9_000 }, 25],
  ] as const)('is %s', (_limit, changes, expected) => {
    expect(startableMembers(pace(changes))).toBe(expected)
  })

  test('never exceeds the rate, for any times between steps', () => {
    const steps = array(integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 100 })
    assert(
      property(integer({ min: 1, max: 10_000 }), steps, (rate, gaps) => {
        let creditMs = 0
        let started = 0
        let elapsedMs = 0
        for (const gap of gaps) {
          creditMs += gap
          elapsedMs += gap
          const startable = startableMembers(pace({ rate, creditMs }))
          if (startable > 0) creditMs = creditAfter(rate, creditMs, startable)
          started += startable
          expect(started).toBeLessThanOrEqual((rate * elapsedMs) / 1_000 + 1e-6)
        }
      }),
    )
  })

  test('reaches the rate when steps are frequent enough', () => {
    for (const rate of [1, 3, 7, 50, 333, membersPerSecondMax]) {
      let creditMs = 0
      let started = 0
      for (let step = 0; step < 400; step += 1) {
        creditMs += 250
        const startable = startableMembers(pace({ rate, creditMs }))
        if (startable > 0) creditMs = creditAfter(rate, creditMs, startable)
        started += startable
      }
      expect(started).toBeGreaterThanOrEqual(rate * 100 * 0.98)
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
  ])('of %i tried members with %i failed ones passes: %s', (tried, failed, passes) => {
    expect(hasCanaryPassed({ tried, failed })).toBe(passes)
  })
})
