import { expect, it } from 'vitest'
import { commandsBetween, countsBetween } from '../src/store-counters.ts'

it('counts the statements that ran between two counts and their time, most called first', () => {
  const before = [
    { text: 'a', calls: 5, ms: 10 },
    { text: 'b', calls: 1, ms: 1 },
  ]
  const after = [
    { text: 'a', calls: 7, ms: 13 },
    { text: 'b', calls: 1, ms: 1 },
    { text: 'c', calls: 9, ms: 4 },
  ]
  expect(countsBetween(before, after)).toEqual([
    { text: 'c', calls: 9, ms: 4 },
    { text: 'a', calls: 2, ms: 3 },
  ])
})

it('counts the commands that ran between two counts, most first', () => {
  const count = (commands: Record<string, number>) => ({ reads: 0, usedBytes: 0, commands })
  const changed = commandsBetween(count({ get: 2, set: 1 }), count({ get: 3, set: 1, evalsha: 4 }))
  expect(Object.entries(changed)).toEqual([
    ['evalsha', 4],
    ['get', 1],
  ])
})
