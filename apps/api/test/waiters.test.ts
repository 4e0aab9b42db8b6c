import { describe, expect, test } from 'vitest'
import { openWaiters, type Waiters } from '../src/server/waiters.ts'

const never = new Promise<void>(() => {})

/** Has so many callers wait for a receiver for good; resolves to how many of them may. */
function crowd(waiters: Waiters, receiver: string, count: number): number {
  let waiting = 0
  for (let caller = 0; caller < count; caller += 1) {
    void waiters.waitWith(receiver, 1_000, (waitMs) => {
      if (waitMs === 0) return Promise.resolve()
      waiting += 1
      return never
    })
  }
  return waiting
}

describe('callers that wait', () => {
  test('are no more than the most', () => {
    const waiters = openWaiters(10)
    for (let receiver = 0; receiver < 30; receiver += 1) crowd(waiters, `host:${receiver}`, 1)
    expect(waiters.count()).toBe(10)
  })

  test('of one receiver that hangs leave room for those of others', () => {
    const waiters = openWaiters(100)
    expect(crowd(waiters, 'host:hangs', 1_000)).toBe(51)
    expect(crowd(waiters, 'host:well', 20)).toBe(20)
  })

  test('of several receivers that hang leave room, too', () => {
    const waiters = openWaiters(100)
    for (let receiver = 0; receiver < 4; receiver += 1) crowd(waiters, `host:hangs${receiver}`, 1_000)
    expect(crowd(waiters, 'host:well', 3)).toBe(3)
  })

  test('give their place back, however their wait ends', async () => {
    const waiters = openWaiters(1)
    await waiters.waitWith('host:a', 1_000, async () => {})
    await expect(waiters.waitWith('host:a', 1_000, () => Promise.reject(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    expect(waiters.count()).toBe(0)
    expect(crowd(waiters, 'host:a', 2)).toBe(1)
  })

  test('none may, when there are no places or none is wished for', async () => {
    expect(crowd(openWaiters(0), 'host:a', 1)).toBe(0)
    const waiters = openWaiters(5)
    expect(
      await waiters.waitWith('host:a', 0, (waitMs) => Promise.resolve([waitMs, waiters.count()])),
    ).toEqual([0, 0])
  })
})
