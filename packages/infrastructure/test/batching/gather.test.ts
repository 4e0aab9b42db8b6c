import { expect, test, vi } from 'vitest'
import { gather } from '../../src/batching/gather.ts'

const never = () => false

/** Work that notes its batches and waits to be let go on. */
function heldWork() {
  const batches: (readonly number[])[] = []
  const releases: (() => void)[] = []
  const work = async (items: readonly number[]): Promise<number[]> => {
    batches.push(items)
    await new Promise<void>((resolve) => releases.push(resolve))
    return items.map((item) => item * 10)
  }
  /** Once so many are under way. */
  const begun = (count: number) => vi.waitFor(() => expect(releases).toHaveLength(count), { interval: 1 })
  return { work, batches, begun, release: () => releases.shift()?.() }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('calls of one turn of the event loop go together, and each gets its own answer', async () => {
  const { work, batches, begun, release } = heldWork()
  const call = gather(work, { max: 100, inFlight: 1, mayBeOneOfThem: never })
  const answers = [call(1), call(2), call(3)]
  await begun(1)
  release()
  expect(await Promise.all(answers)).toEqual([10, 20, 30])
  expect(batches).toEqual([[1, 2, 3]])
})

test('what comes while all ways are taken goes together afterwards', async () => {
  const { work, batches, begun, release } = heldWork()
  const call = gather(work, { max: 100, inFlight: 1, mayBeOneOfThem: never })
  const first = call(1)
  await begun(1)
  const others = [call(2)]
  await nextTurn()
  others.push(call(3))
  await nextTurn()
  expect(batches).toEqual([[1]])
  release()
  await first
  await begun(1)
  release()
  expect(await Promise.all(others)).toEqual([20, 30])
  expect(batches).toEqual([[1], [2, 3]])
})

test('a batch is no larger than its bound, and no more are under way than may be', async () => {
  const { work, batches, begun, release } = heldWork()
  const call = gather(work, { max: 2, inFlight: 2, mayBeOneOfThem: never })
  const answers = [1, 2, 3, 4, 5].map((item) => call(item))
  await begun(2)
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ])
  release()
  await answers[0]
  await begun(2)
  release()
  release()
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50])
})

test('a batch that failed for one of its items succeeds for the others', async () => {
  const batches: (readonly number[])[] = []
  const call = gather(
    async (items: readonly number[]) => {
      batches.push(items)
      if (items.includes(2)) throw new Error('not two')
      return items
    },
    { max: 100, inFlight: 1, mayBeOneOfThem: (error) => error instanceof Error },
  )
  const settled = await Promise.allSettled([call(1), call(2), call(3)])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(batches).toEqual([[1, 2, 3], [1], [2], [3]])
})

test('a batch that failed as a whole fails for all, once', async () => {
  let tries = 0
  const call = gather(
    async () => {
      tries += 1
      throw new Error('away')
    },
    { max: 100, inFlight: 1, mayBeOneOfThem: never },
  )
  const settled = await Promise.allSettled([call(1), call(2)])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(tries).toBe(1)
})

test('after a failure it goes on', async () => {
  let isAway = true
  const call = gather(
    async (items: readonly number[]) => {
      if (isAway) throw new Error('away')
      return items
    },
    { max: 100, inFlight: 1, mayBeOneOfThem: never },
  )
  await expect(call(1)).rejects.toThrow('away')
  isAway = false
  expect(await call(2)).toBe(2)
})
