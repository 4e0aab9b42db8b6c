import { expect, test, vi } from 'vitest'
import { batchCalls } from '../../src/batching/batch-calls.ts'

const neverRetrySingly = () => false

/** Work that notes its batches and waits to be let go on. */
function blockedWork() {
  const batches: (readonly number[])[] = []
  const releases: (() => void)[] = []
  const work = async (items: readonly number[]): Promise<number[]> => {
    batches.push(items)
    await new Promise<void>((resolve) => releases.push(resolve))
    return items.map((item) => item * 10)
  }
  /** Once so many are under way. */
  const started = (count: number) => vi.waitFor(() => expect(releases).toHaveLength(count), { interval: 1 })
  return { work, batches, begun: started, release: () => releases.shift()?.() }
}

const nextImmediate = () => new Promise((resolve) => setImmediate(resolve))

test('calls of one turn of the event loop go together, and each gets its own answer', async () => {
  const { work, batches, begun: started, release } = blockedWork()
  const call = batchCalls(work, { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly })
  const answers = [call(1), call(2), call(3)]
  await started(1)
  release()
  expect(await Promise.all(answers)).toEqual([10, 20, 30])
  expect(batches).toEqual([[1, 2, 3]])
})

test('what comes while all ways are taken goes together afterwards', async () => {
  const { work, batches, begun: started, release } = blockedWork()
  const call = batchCalls(work, { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly })
  const first = call(1)
  await started(1)
  const others = [call(2)]
  await nextImmediate()
  others.push(call(3))
  await nextImmediate()
  expect(batches).toEqual([[1]])
  release()
  await first
  await started(1)
  release()
  expect(await Promise.all(others)).toEqual([20, 30])
  expect(batches).toEqual([[1], [2, 3]])
})

test('a batch is no larger than its bound, and no more are under way than may be', async () => {
  const { work, batches, begun: started, release } = blockedWork()
  const call = batchCalls(work, { maxSize: 2, maxInFlight: 2, shouldRetrySingly: neverRetrySingly })
  const answers = [1, 2, 3, 4, 5].map((item) => call(item))
  await started(2)
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ])
  release()
  await answers[0]
  await started(2)
  release()
  release()
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50])
})

test('a batch that failed for one of its items succeeds for the others', async () => {
  const batches: (readonly number[])[] = []
  const call = batchCalls(
    async (items: readonly number[]) => {
      batches.push(items)
      if (items.includes(2)) throw new Error('not two')
      return items
    },
    { maxSize: 100, maxInFlight: 1, shouldRetrySingly: (error) => error instanceof Error },
  )
  const settled = await Promise.allSettled([call(1), call(2), call(3)])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(batches).toEqual([[1, 2, 3], [1], [2], [3]])
})

test('a batch that failed as a whole fails for all, once', async () => {
  let tries = 0
  const call = batchCalls(
    async () => {
      tries += 1
      throw new Error('away')
    },
    { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly },
  )
  const settled = await Promise.allSettled([call(1), call(2)])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(tries).toBe(1)
})

test('after a failure it goes on', async () => {
  let isAway = true
  const call = batchCalls(
    async (items: readonly number[]) => {
      if (isAway) throw new Error('away')
      return items
    },
    { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly },
  )
  await expect(call(1)).rejects.toThrow('away')
  isAway = false
  expect(await call(2)).toBe(2)
})
