import { expect, test } from 'vitest'
import { seededRandom, seedFor } from '../src/random.ts'

test('the same seed makes the same choices, another seed makes others', () => {
  const choices = (seed: number): number[] => {
    const random = seededRandom(seed)
    return [random.next(), random.between(1, 1_000), ...random.shuffle([1, 2, 3, 4, 5, 6, 7, 8])]
  }
  expect(choices(7)).toEqual(choices(7))
  expect(choices(7)).not.toEqual(choices(8))
})

test('a shuffle contains every item once', () => {
  const items = Array.from({ length: 50 }, (_, index) => index)
  expect(
    seededRandom(3)
      .shuffle(items)
      .toSorted((a, b) => a - b),
  ).toEqual(items)
})

test('the seed of a fault depends only on its name and the seed', () => {
  expect(seedFor(7, 'FLUSHALL')).toBe(seedFor(7, 'FLUSHALL'))
  expect(new Set([seedFor(7, 'FLUSHALL'), seedFor(8, 'FLUSHALL'), seedFor(7, 'API frozen')]).size).toBe(3)
})
