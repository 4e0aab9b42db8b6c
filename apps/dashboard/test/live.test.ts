import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { oldestUnanswered } from '../src/live/stale-notice.tsx'
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

test('what could not be renewed tells how old it is, and what nobody looks at does not', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const ask = (key: string, queryFn: () => Promise<string>): QueryObserver<string> =>
    new QueryObserver<string>(client, {
      queryKey: [key],
      queryFn,
      initialData: 'old',
      initialDataUpdatedAt: 1_000,
    })
  const fails = (): Promise<string> => Promise.reject(new Error('away'))
  const [looked, forgotten] = [ask('looked', fails), ask('forgotten', fails)]
  expect(oldestUnanswered(client)).toBeNull()
  await forgotten.refetch()
  expect(oldestUnanswered(client)).toBeNull()
  const stop = looked.subscribe(() => {})
  await looked.refetch()
  expect(oldestUnanswered(client)).toBe(1_000)
  stop()
  client.clear()
})
