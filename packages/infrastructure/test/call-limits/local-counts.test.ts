import { expect, test } from 'vitest'
import { localCounts } from '../../src/call-limits/local-counts.ts'

const limit = { max: 2, windowSeconds: 60 }

test('a caller over the limit waits until its window ends, and then starts a new window', () => {
  const clock = { now: 1_000 }
  const counts = localCounts(limit, 10, () => clock.now)
  expect([counts.take('a'), counts.take('a'), counts.take('a')]).toEqual([null, null, 60_000])
  clock.now += 59_000
  expect(counts.take('a')).toBe(1_000)
  clock.now += 1_000
  expect(counts.take('a')).toBeNull()
})

test('only the most recent callers are counted, up to the maximum', () => {
  const counts = localCounts(limit, 100)
  for (let caller = 0; caller < 100_000; caller += 1) counts.take(`caller ${caller}`)
  expect(counts.size()).toBe(100)
  expect([counts.take('caller 99999'), counts.take('caller 99999')]).toEqual([null, expect.any(Number)])
})

test('a caller that calls again is not dropped before older callers', () => {
  const counts = localCounts(limit, 3)
  for (const caller of ['a', 'b', 'c']) counts.take(caller)
  counts.take('d')
  expect(counts.size()).toBe(3)
  expect([counts.take('c'), counts.take('c')]).toEqual([null, expect.any(Number)])
})
