import { expect, test, vi } from 'vitest'
import { cachedRead } from '../../src/telemetry/cached-read.ts'

const longTimes = { freshMs: 60_000, waitMs: 60_000 }

test('asks once for all who come while it is fresh, and while it is being read', async () => {
  const read = vi.fn<() => Promise<number>>(async () => 7)
  const cached = cachedRead(read, { ...longTimes, onMissing: () => {} })
  expect(await Promise.all([cached(), cached(), cached()])).toEqual([7, 7, 7])
  expect(await cached()).toBe(7)
  expect(read).toHaveBeenCalledTimes(1)
})

test('asks anew once it is no longer fresh', async () => {
  let count = 0
  const cached = cachedRead(async () => (count += 1), { freshMs: 0, waitMs: 60_000, onMissing: () => {} })
  expect([await cached(), await cached()]).toEqual([1, 2])
})

test('has nothing to say of a store that fails, says that it is missing, and comes back', async () => {
  const missing = vi.fn<() => void>()
  let fails = true
  const read = async (): Promise<string> => {
    if (fails) throw new Error('down')
    return 'up'
  }
  const cached = cachedRead(read, { ...longTimes, onMissing: missing })
  expect(await cached()).toBeNull()
  expect(missing).toHaveBeenCalledTimes(1)
  fails = false
  expect(await cached()).toBe('up')
  expect(missing).toHaveBeenCalledTimes(1)
})

test('does not wait for a store that hangs, does not ask it twice, and takes what comes late', async () => {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const read = vi.fn<() => Promise<string>>(() => late)
  const missing = vi.fn<() => void>()
  const cached = cachedRead(read, { freshMs: 60_000, waitMs: 1, onMissing: missing })
  expect([await cached(), await cached()]).toEqual([null, null])
  expect([read.mock.calls.length, missing.mock.calls.length]).toEqual([1, 2])
  resolve('late')
  await late
  await vi.waitUntil(async () => (await cached()) === 'late')
  expect(read).toHaveBeenCalledTimes(1)
})
