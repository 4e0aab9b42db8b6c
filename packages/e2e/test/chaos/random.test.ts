import { expect, test } from 'vitest'
import { seededRandom } from '../../src/chaos/random.ts'

test('a seed repeats its choices, another makes others', () => {
  const choices = (seed: number): number[] => {
    const random = seededRandom(seed)
    return [random.next(), random.between(1, 1_000), ...random.shuffle([1, 2, 3, 4, 5, 6, 7, 8])]
  }
  expect(choices(7)).toEqual(choices(7))
  expect(choices(7)).not.toEqual(choices(8))
})

test('a shuffle keeps everything once', () => {
  const items = Array.from({ length: 50 }, (_, index) => index)
  expect(
    seededRandom(3)
      .shuffle(items)
      .toSorted((a, b) => a - b),
  ).toEqual(items)
})
