import { describe, expect, test } from 'vitest'
import { openWaitSlots, type WaitSlots } from '../src/server/wait-slots.ts'

const never = new Promise<void>(() => {})

/** Makes `count` callers wait for a receiver forever; returns how many of them got a slot. */
function fillSlots(slots: WaitSlots, siteId: number, receiver: string, count: number): number {
  let waiting = 0
  for (let caller = 0; caller < count; caller += 1) {
    void slots.runWithWait({ siteId, receiver }, 1_000, (waitMs) => {
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
    for (let site = 0; site < 30; site += 1) fillSlots(slots, site, `host:${site}`, 1)
    expect(slots.count()).toBe(10)
  })

  test('callers of a receiver that hangs leave slots for other receivers of the site', () => {
    const slots = openWaitSlots(100)
    expect(fillSlots(slots, 4, 'host:hangs', 1_000)).toBe(10)
    expect(fillSlots(slots, 4, 'host:well', 5)).toBe(5)
  })

  test('callers of a site whose receivers hang, whatever their names, leave most slots to others', () => {
    const slots = openWaitSlots(100)
    for (let name = 0; name < 1_000; name += 1) fillSlots(slots, 7, `host:hangs${name}`, 2)
    expect(slots.count()).toBe(20)
    expect(fillSlots(slots, 4, 'host:well', 8)).toBe(8)
  })

  test('a slot is free again whether the wait succeeds or fails', async () => {
    const slots = openWaitSlots(1)
    const waitsFor = { siteId: 4, receiver: 'host:a' }
    await slots.runWithWait(waitsFor, 1_000, async () => {})
    await expect(slots.runWithWait(waitsFor, 1_000, () => Promise.reject(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    expect(slots.count()).toBe(0)
    expect(fillSlots(slots, 4, 'host:a', 2)).toBe(1)
  })

  test('a caller does not wait if there are no slots or if it requested no wait', async () => {
    expect(fillSlots(openWaitSlots(0), 4, 'host:a', 1)).toBe(0)
    const slots = openWaitSlots(5)
    const waited = await slots.runWithWait({ siteId: 4, receiver: 'host:a' }, 0, (waitMs) =>
      Promise.resolve([waitMs, slots.count()]),
    )
    expect(waited).toEqual([0, 0])
  })
})
