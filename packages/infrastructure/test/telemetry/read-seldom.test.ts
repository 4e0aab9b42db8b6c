import { expect, test, vi } from 'vitest'
import { readSeldom } from '../../src/telemetry/read-seldom.ts'

const patient = { freshMs: 60_000, waitMs: 60_000 }

test('asks once for all who come while it is fresh, and while it is being read', async () => {
  const read = vi.fn<() => Promise<number>>(async () => 7)
  const ask = readSeldom(read, { ...patient, onMissing: () => {} })
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([7, 7, 7])
  expect(await ask()).toBe(7)
  expect(read).toHaveBeenCalledTimes(1)
})

test('asks anew once it is no longer fresh', async () => {
  let count = 0
  const ask = readSeldom(async () => (count += 1), { freshMs: 0, waitMs: 60_000, onMissing: () => {} })
  expect([await ask(), await ask()]).toEqual([1, 2])
})

test('has nothing to say of a store that fails, says that it is missing, and comes back', async () => {
  const missing = vi.fn<() => void>()
  let fails = true
  const read = async (): Promise<string> => {
    if (fails) throw new Error('down')
    return 'up'
  }
  const ask = readSeldom(read, { ...patient, onMissing: missing })
  expect(await ask()).toBeNull()
  expect(missing).toHaveBeenCalledTimes(1)
  fails = false
  expect(await ask()).toBe('up')
  expect(missing).toHaveBeenCalledTimes(1)
})

test('does not wait for a store that hangs, does not ask it twice, and takes what comes late', async () => {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const read = vi.fn<() => Promise<string>>(() => late)
  const missing = vi.fn<() => void>()
  const ask = readSeldom(read, { freshMs: 60_000, waitMs: 1, onMissing: missing })
  expect([await ask(), await ask()]).toEqual([null, null])
  expect([read.mock.calls.length, missing.mock.calls.length]).toEqual([1, 2])
  resolve('late')
  await late
  await vi.waitUntil(async () => (await ask()) === 'late')
  expect(read).toHaveBeenCalledTimes(1)
})
