import { openTurns } from '@ghostpost/delivery/sharing'
import { expect, test } from 'vitest'

test('a turn comes after the work ahead, spread over the slots', () => {
  const turns = openTurns(() => 0)
  for (let count = 0; count < 200; count += 1) turns.observe('a', 1_000)
  expect(turns.waitMs('a', 9, 10)).toBeCloseTo(1_000, -1)
  expect(turns.waitMs('a', 0, 0)).toBeCloseTo(1_000, -1)
})

test('each assigned turn is later than the one before', () => {
  const turns = openTurns(() => 0)
  for (let count = 0; count < 200; count += 1) turns.observe('a', 1_000)
  expect(Array.from({ length: 3 }, () => turns.assign('a', 0, 10))).toEqual([100, 200, 300])
})

test('an assigned turn is at most 30 s away', () => {
  const turns = openTurns(() => 0)
  for (let count = 0; count < 200; count += 1) turns.observe('a', 10_000)
  const assigned = Array.from({ length: 500 }, () => turns.assign('a', 0, 1))
  expect(Math.max(...assigned)).toBe(30_000)
})

test('holders have turns of their own', () => {
  const turns = openTurns(() => 0)
  for (let count = 0; count < 50; count += 1) turns.assign('a', 100, 1)
  expect(turns.assign('b', 0, 1)).toBe(100)
})
