import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { oldestStaleAt } from '../src/live/stale-notice.tsx'
import { keysToInvalidate, type LiveEvent } from '../src/live/keys-to-invalidate.ts'

const deliveriesEvent = (status: 'queued' | 'failed', more = 0): LiveEvent =>
  ({ name: 'deliveries', data: { deliveries: [{ delivery_id: 'd', status }], more } }) as unknown as LiveEvent

test('a delivery event invalidates its page and the lists of its site', () => {
  expect(keysToInvalidate(deliveriesEvent('queued'), 4)).toEqual([
    ['deliveries', 4],
    ['deliveries', 'count', 4],
    ['delivery', 'd'],
  ])
  expect(keysToInvalidate(deliveriesEvent('failed'), 4)).toContainEqual(['failures', 4])
})

test('an operation event invalidates its page and the list', () => {
  expect(keysToInvalidate({ name: 'operations', data: ['o'] }, 4)).toEqual([
    ['operations', 4],
    ['operation', 'o'],
  ])
})

test('missed events invalidate everything', () => {
  expect(keysToInvalidate({ name: 'reset' }, 4)).toBeNull()
  expect(keysToInvalidate(deliveriesEvent('queued', 3), 4)).toBeNull()
})

test('the age of stale data counts only failed refetches of visible data', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const observe = (key: string, queryFn: () => Promise<string>): QueryObserver<string> =>
    new QueryObserver<string>(client, {
      queryKey: [key],
      queryFn,
      initialData: 'old',
      initialDataUpdatedAt: 1_000,
    })
  const fails = (): Promise<string> => Promise.reject(new Error('down'))
  const [active, inactive] = [observe('active', fails), observe('inactive', fails)]
  expect(oldestStaleAt(client)).toBeNull()
  await inactive.refetch()
  expect(oldestStaleAt(client)).toBeNull()
  const stop = active.subscribe(() => {})
  await active.refetch()
  expect(oldestStaleAt(client)).toBe(1_000)
  stop()
  client.clear()
})
