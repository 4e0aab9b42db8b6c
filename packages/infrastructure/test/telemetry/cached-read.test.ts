import { expect, test, vi } from 'vitest'
import { cachedRead, resultWithin } from '../../src/telemetry/cached-read.ts'

const store = {}

test('one read serves concurrent calls and later calls while the result is fresh', async () => {
  const read = vi.fn<() => Promise<number>>(async () => 7)
  const cached = cachedRead(60_000, read)
  expect(await Promise.all([cached(store), cached(store), cached(store)])).toEqual([7, 7, 7])
  expect(await cached(store)).toBe(7)
  expect(read).toHaveBeenCalledTimes(1)
})

test('a stale result is read again', async () => {
  let count = 0
  const cached = cachedRead(0, async () => (count += 1))
  expect([await cached(store), await cached(store)]).toEqual([1, 2])
})

test('each subject has a result of its own', async () => {
  const cached = cachedRead(60_000, async ({ name }: { name: string }) => name)
  expect([await cached({ name: 'a' }), await cached({ name: 'b' })]).toEqual(['a', 'b'])
})

test('a failed read rejects, and the next call reads again', async () => {
  const read = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('down')).mockResolvedValue('up')
  const cached = cachedRead(60_000, read)
  await expect(cached(store)).rejects.toThrow('down')
  expect(await cached(store)).toBe('up')
})

test('a failed read has the result null within the wait', async () => {
  expect(await resultWithin(60_000, Promise.reject(new Error('down')))).toBeNull()
  expect(await resultWithin(60_000, Promise.resolve('up'))).toBe('up')
})

test('a read that hangs is not started twice, and its late result is cached', async () => {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const read = vi.fn<() => Promise<string>>(() => late)
  const cached = cachedRead(60_000, read)
  expect([await resultWithin(1, cached(store)), await resultWithin(1, cached(store))]).toEqual([null, null])
  resolve('late')
  expect(await cached(store)).toBe('late')
  expect(read).toHaveBeenCalledTimes(1)
})
