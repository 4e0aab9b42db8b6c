import { openFairSlots, type FairSlots } from '@ghostpost/delivery/sharing'
import { expect, test } from 'vitest'

function takeAll(slots: FairSlots, holder: string): number {
  let taken = 0
  while (slots.tryAcquire(holder)) taken += 1
  return taken
}

test('one holder gets a fifth of the slots', () => {
  expect(takeAll(openFairSlots(1_000), 'greedy')).toBe(200)
})

test('a larger share gives one holder more', () => {
  expect(takeAll(openFairSlots(1_000, 1), 'greedy')).toBe(500)
})

test('ten greedy holders leave a tenth of the slots to others', () => {
  const slots = openFairSlots(1_000)
  for (let holder = 0; holder < 10; holder += 1) takeAll(slots, `greedy ${holder}`)
  expect(1_000 - slots.inUse()).toBeGreaterThanOrEqual(100)
  expect(slots.tryAcquire('another')).not.toBeNull()
})

test('a holder without a slot gets one while any is free', () => {
  const slots = openFairSlots(3)
  for (const holder of ['a', 'b', 'c']) expect(slots.tryAcquire(holder)).not.toBeNull()
  expect(slots.tryAcquire('d')).toBeNull()
})

test('a freed slot can be taken again, and is freed once only', () => {
  const slots = openFairSlots(1)
  const release = slots.tryAcquire('a')
  expect(slots.tryAcquire('b')).toBeNull()
  release?.()
  release?.()
  expect(slots.inUse()).toBe(0)
  expect(slots.tryAcquire('b')).not.toBeNull()
  expect(slots.usedBy('b')).toBe(1)
  expect(slots.usedBy('a')).toBe(0)
})
