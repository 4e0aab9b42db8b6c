import { openBursts } from '@ghostpost/delivery/sharing'
import { expect, test } from 'vitest'

const limits = { burst: 100, perSecond: 10 }

test('a holder within its burst has level 0', () => {
  const bursts = openBursts(limits, () => 0)
  const levels = Array.from({ length: 100 }, () => bursts.levelOf('a'))
  expect(new Set(levels)).toEqual(new Set([0]))
})

test('the level rises with each doubling of the excess, up to 16', () => {
  const bursts = openBursts(limits, () => 0)
  const levels = Array.from({ length: 1_700 }, () => bursts.levelOf('a'))
  expect([levels[100], levels[200], levels[400], levels[800], levels[1_600]]).toEqual([1, 2, 3, 4, 5])
  const all = Array.from({ length: 10_000_000 / 1_000 }, () => bursts.levelOf('a'))
  expect(Math.max(...all)).toBeLessThanOrEqual(16)
})

test('another holder keeps level 0', () => {
  const bursts = openBursts(limits, () => 0)
  for (let count = 0; count < 1_000; count += 1) bursts.levelOf('a')
  expect(bursts.levelOf('b')).toBe(0)
})

test('the level falls as time passes', () => {
  let nowMs = 0
  const bursts = openBursts(limits, () => nowMs)
  for (let count = 0; count < 150; count += 1) bursts.levelOf('a')
  expect(bursts.levelOf('a')).toBe(1)
  nowMs += 6_000
  expect(bursts.levelOf('a')).toBe(0)
})
