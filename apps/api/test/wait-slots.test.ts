import { describe, expect, test } from 'vitest'
import { openWaitSlots, type WaitSlots } from '../src/server/wait-slots.ts'

const never = new Promise<void>(() => {})

/** Makes `count` callers wait for a receiver forever; returns how many of them got a slot. */
function fillSlots(slots: WaitSlots, receiver: string, count: number): number {
  let waiting = 0
  for (let caller = 0; caller < count; caller += 1) {
    void slots.runWithWait(receiver, 1_000, (waitMs) => {
      if (waitMs === 0) return Promise.resolve()
      waiting += 1
      return never
    })
  }
  return waiting
}

describe('wait slots', () => {
  test('at most `max` callers wait', () => {
    const slots = openWaitSlots(10)
    for (let receiver = 0; receiver < 30; receiver += 1) fillSlots(slots, `host:${receiver}`, 1)
    expect(slots.count()).toBe(10)
  })

  test('callers of a receiver that hangs leave slots for other receivers', () => {
    const slots = openWaitSlots(100)
    expect(fillSlots(slots, 'host:hangs', 1_000)).toBe(51)
    expect(fillSlots(slots, 'host:well', 20)).toBe(20)
  })

  test('callers of several receivers that hang leave slots for other receivers', () => {
    const slots = openWaitSlots(100)
    for (let receiver = 0; receiver < 4; receiver += 1) fillSlots(slots, `host:hangs${receiver}`, 1_000)
    expect(fillSlots(slots, 'host:well', 3)).toBe(3)
  })

  test('a slot is free again whether the wait succeeds or fails', async () => {
    const slots = openWaitSlots(1)
    await slots.runWithWait('host:a', 1_000, async () => {})
    await expect(slots.runWithWait('host:a', 1_000, () => Promise.reject(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    expect(slots.count()).toBe(0)
    expect(fillSlots(slots, 'host:a', 2)).toBe(1)
  })

  test('a caller does not wait if there are no slots or if it requested no wait', async () => {
    expect(fillSlots(openWaitSlots(0), 'host:a', 1)).toBe(0)
    const slots = openWaitSlots(5)
    expect(
      await slots.runWithWait('host:a', 0, (waitMs) => Promise.resolve([waitMs, slots.count()])),
    ).toEqual([0, 0])
  })
})
