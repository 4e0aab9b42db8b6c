import { describe, expect, test } from 'vitest'
import { openNestedSlots, type NestedSlots } from '../../src/sharing/nested-slots.ts'

function take(slots: NestedSlots, group: string, member: string, count: number): (() => void)[] {
  const taken = Array.from({ length: count }, () => slots.tryAcquire(group, member))
  return taken.filter((release) => release !== null)
}

describe('slots that sites and their users share', () => {
  test('one site alone gets half of them, one user of it three quarters of that', () => {
    const slots = openNestedSlots(1_000, { share: 1, memberShare: 3 })
    expect(take(slots, 'site', 'one', 2_000)).toHaveLength(375)
    expect(take(slots, 'site', 'other', 2_000).length).toBeGreaterThan(50)
    for (let user = 0; user < 500; user += 1) take(slots, 'site', `user ${user}`, 10)
    expect(slots.inUse()).toBe(500)
  })

  test('ten greedy sites, one after another, leave slots for ninety others', () => {
    const slots = openNestedSlots(1_000, { memberShare: 1 })
    for (let site = 0; site < 10; site += 1)
      for (let user = 0; user < 20; user += 1) take(slots, `greedy ${site}`, `user ${user}`, 1_000)
    for (let site = 0; site < 90; site += 1) expect(take(slots, `site ${site}`, 'one', 1)).toHaveLength(1)
  })

  test('a first slot is given while any is free, and a slot is freed once', () => {
    const slots = openNestedSlots(1, { memberShare: 1 })
    const [release] = take(slots, 'a', 'a', 5)
    expect(take(slots, 'b', 'b', 5)).toEqual([])
    release?.()
    release?.()
    expect(slots.inUse()).toBe(0)
    expect(take(slots, 'b', 'b', 5)).toHaveLength(1)
  })

  test('there are none of no slots', () => {
    expect(openNestedSlots(0, { memberShare: 1 }).tryAcquire('a', 'a')).toBeNull()
  })
})
