import { describe, expect, test } from 'vitest'
import { exploreFaults, hunt, longSize, runHistory, runRandom, smallSize } from '../src/explore/index.ts'
import { eventsOf, shortHistories, type History } from '../src/histories/index.ts'
import { plantedBugs } from '../src/planted/index.ts'

function short(name: string): History {
  const history = shortHistories[name]
  if (!history) throw new Error(`there is no history ${name}`)
  return history
}

describe('a simulated run', () => {
  test('has the same trace for the same seed, and another one for another seed', async () => {
    const hash = async (seed: number): Promise<string> => (await runRandom(seed, smallSize)).result.hash
    expect(await hash(7)).toBe(await hash(7))
    expect(await hash(7)).not.toBe(await hash(8))
  })

  test('is repeated by its history with the faults that happened', async () => {
    const { history, result } = await runRandom(3, longSize)
    expect(history.faults.length).toBeGreaterThan(0)
    expect((await runHistory(history)).hash).toBe(result.hash)
  })
})

describe('no promise is broken', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('in the random history of seed %i', async (seed) => {
    expect((await runRandom(seed, longSize)).result.violations).toEqual([])
  })

  test('by any single fault of an export and of a chat message', async () => {
    for (const name of ['an export that is retried', 'a throttled chat message']) {
      const { found, runs } = await exploreFaults(short(name), 1)
      expect(found.map(({ history, result }) => [history.faults, result.violations])).toEqual([])
      expect(runs).toBeGreaterThan(150)
    }
  })
})

describe('a planted bug', () => {
  const quick = [
    'claim-of-finished',
    'record-tried-once',
    'retry-without-sweep',
    'settled-is-delivered',
    'store-error-is-internal',
    'unknown-not-marked',
  ]

  test.each(quick)('is found and shrunk: %s', async (bug) => {
    const { invariant, events, history } = await hunt(bug, 20_000)
    expect(invariant).not.toBeNull()
    expect(events).toBeLessThanOrEqual(30)
    expect(history && eventsOf(history)).toBe(events)
  })

  test('has a name of its own; there are at least thirty', () => {
    const names = plantedBugs.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(30)
    expect(names).toEqual(expect.arrayContaining(quick))
  })
})
