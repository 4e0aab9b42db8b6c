import { expect, test } from 'vitest'
import { touchedBy, type LiveEvent } from '../src/live/touched-by.ts'

const happened = (status: 'queued' | 'failed', more = 0): LiveEvent =>
  ({ name: 'deliveries', data: { deliveries: [{ delivery_id: 'd', status }], more } }) as unknown as LiveEvent

test('a delivery makes its page and the lists of its site old', () => {
  expect(touchedBy(happened('queued'), 4)).toEqual([
    ['deliveries', 4],
    ['deliveries', 'count', 4],
    ['delivery', 'd'],
  ])
  expect(touchedBy(happened('failed'), 4)).toContainEqual(['failures', 4])
})

test('an operation makes its page and the list old', () => {
  expect(touchedBy({ name: 'operations', data: ['o'] }, 4)).toEqual([
    ['operations', 4],
    ['operation', 'o'],
  ])
})

test('whoever missed some asks for everything anew', () => {
  expect(touchedBy({ name: 'reset' }, 4)).toBeNull()
  expect(touchedBy(happened('queued', 3), 4)).toBeNull()
})
