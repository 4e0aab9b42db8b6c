import { describe, expect, test, vi } from 'vitest'
import { cachedRead, cachedReadByKey, resultWithin } from '../../src/telemetry/cached-read.ts'

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

describe('a read by key', () => {
  const limits = { freshMs: 60_000, keysMax: 2 }

  test('has a result of its own for each key', async () => {
    const cached = cachedReadByKey(limits, async (_subject: object, key: string) => `of ${key}`)
    expect(await Promise.all([cached(store, 'a'), cached(store, 'b'), cached(store, 'a')])).toEqual([
      'of a',
      'of b',
      'of a',
    ])
  })

  test('of one key too many forgets the key that was read longest ago', async () => {
    const read = vi.fn<(subject: object, key: string) => Promise<string>>(async (_subject, key) => key)
    const cached = cachedReadByKey(limits, read)
    for (const key of ['a', 'b', 'c', 'b', 'a']) await cached(store, key)
    expect(read.mock.calls.map(([, key]) => key)).toEqual(['a', 'b', 'c', 'a'])
  })

  test('that fails late does not remove a newer result of the same key', async () => {
    const { promise: hanging, reject } = Promise.withResolvers<string>()
    const read = vi.fn<() => Promise<string>>().mockReturnValueOnce(hanging).mockResolvedValue('new')
    const cached = cachedReadByKey({ ...limits, keysMax: 1 }, read)
    const failing = cached(store, 'a')
    await cached(store, 'b')
    await cached(store, 'a')
    reject(new Error('down'))
    await expect(failing).rejects.toThrow('down')
    expect(await cached(store, 'a')).toBe('new')
    expect(read).toHaveBeenCalledTimes(3)
  })
})
