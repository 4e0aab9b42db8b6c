import { expect, test, vi } from 'vitest'
import { batchCalls } from '../../src/batching/batch-calls.ts'

const neverRetrySingly = () => false

/** Work that records its batches and waits for `release`. */
function blockedWork() {
  const batches: (readonly number[])[] = []
  const releases: (() => void)[] = []
  const work = async (items: readonly number[]): Promise<number[]> => {
    batches.push(items)
    await new Promise<void>((resolve) => releases.push(resolve))
    return items.map((item) => item * 10)
  }
  /** Waits until so many batches are in flight. */
  const untilInFlight = (count: number) =>
    vi.waitFor(() => expect(releases).toHaveLength(count), { interval: 1 })
  return { work, batches, untilInFlight, release: () => releases.shift()?.() }
}

const nextImmediate = () => new Promise((resolve) => setImmediate(resolve))

test('calls in one turn of the event loop are one batch, and each gets its own result', async () => {
  const { work, batches, untilInFlight, release } = blockedWork()
  const call = batchCalls(work, { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly })
  const results = [call(1), call(2), call(3)]
  await untilInFlight(1)
  release()
  expect(await Promise.all(results)).toEqual([10, 20, 30])
  expect(batches).toEqual([[1, 2, 3]])
})

test('calls made while the maximum of batches is in flight are the next batch', async () => {
  const { work, batches, untilInFlight, release } = blockedWork()
  const call = batchCalls(work, { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly })
  const first = call(1)
  await untilInFlight(1)
  const others = [call(2)]
  await nextImmediate()
  others.push(call(3))
  await nextImmediate()
  expect(batches).toEqual([[1]])
  release()
  await first
  await untilInFlight(1)
  release()
  expect(await Promise.all(others)).toEqual([20, 30])
  expect(batches).toEqual([[1], [2, 3]])
})

test('no batch exceeds the maximum size, and no more than the maximum are in flight', async () => {
  const { work, batches, untilInFlight, release } = blockedWork()
  const call = batchCalls(work, { maxSize: 2, maxInFlight: 2, shouldRetrySingly: neverRetrySingly })
  const results = [1, 2, 3, 4, 5].map((item) => call(item))
  await untilInFlight(2)
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ])
  release()
  await results[0]
  await untilInFlight(2)
  release()
  release()
  expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50])
})

test('a batch that fails because of one item succeeds for the other items', async () => {
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

test('a batch that fails as a whole fails for all items and is not retried', async () => {
  let tries = 0
  const call = batchCalls(
    async () => {
      tries += 1
      throw new Error('down')
    },
    { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly },
  )
  const settled = await Promise.allSettled([call(1), call(2)])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(tries).toBe(1)
})

test('calls after a failure succeed', async () => {
  let isDown = true
  const call = batchCalls(
    async (items: readonly number[]) => {
      if (isDown) throw new Error('down')
      return items
    },
    { maxSize: 100, maxInFlight: 1, shouldRetrySingly: neverRetrySingly },
  )
  await expect(call(1)).rejects.toThrow('down')
  isDown = false
  expect(await call(2)).toBe(2)
})
