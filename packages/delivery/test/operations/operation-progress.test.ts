import { describe, expect, test } from 'vitest'
import { countsOf, progressOf, secondsLeft } from '../../src/operations/operation-progress.ts'

const outcomes = { waiting: 2, delivered: 5, failed: 1 }

describe('the counts of an operation', () => {
  test('add up to its members once all are fed, with those that no longer match', () => {
    const counts = countsOf({ state: 'running', matched: 10, fed: 8, allFed: true, outcomes })
    expect(counts).toEqual({
      matched: 10,
      waiting: 2,
      delivered: 5,
      failed: 1,
      skipped: 0,
      cancelled: 0,
      changed: 2,
    })
  })

  test('do not call a member changed before all are fed', () => {
    expect(countsOf({ state: 'running', matched: 10, fed: 8, allFed: false, outcomes }).changed).toBe(0)
  })
})

describe('the counts of a cancelled operation', () => {
  test('add up to its members: those that it never began are cancelled', () => {
    const begun = { delivered: 37, failed: 1, cancelled: 1_012 }
    const { matched, ...counts } = countsOf({
      state: 'cancelled',
      matched: 2_500,
      fed: 1_050,
      allFed: false,
      outcomes: begun,
    })
    expect(counts).toEqual({ waiting: 0, delivered: 37, failed: 1, skipped: 0, cancelled: 2_462, changed: 0 })
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(matched)
  })

  test('tell the members that it never began from those that no longer matched', () => {
    const counts = countsOf({
      state: 'cancelled',
      matched: 10,
      fed: 8,
      allFed: true,
      outcomes: { cancelled: 8 },
    })
    expect(counts).toMatchObject({ cancelled: 8, changed: 2 })
  })
})

describe('the progress of an operation', () => {
  test('is the share that has settled', () => {
    expect(progressOf(countsOf({ state: 'running', matched: 10, fed: 8, allFed: true, outcomes }))).toBe(0.8)
  })

  test('is complete without members', () => {
    expect(progressOf(countsOf({ state: 'running', matched: 0, fed: 0, allFed: false, outcomes: {} }))).toBe(
      1,
    )
  })
})

test('only a running operation has an estimate of its remaining time', () => {
  expect(secondsLeft({ matched: 110, fed: 10 }, 'running', 50)).toBe(2)
  expect(secondsLeft({ matched: 110, fed: 10 }, 'paused', 50)).toBeNull()
})
