import type { LiveDeliveries } from '@ghostpost/delivery/contract/stream'
import type { QueryKey } from '@tanstack/react-query'
import type { Static } from 'typebox'

export type LiveEvent =
  | { name: 'deliveries'; data: Static<typeof LiveDeliveries> }
  | { name: 'operations'; data: readonly string[] }
  | { name: 'reset' }

/** The query keys that an event makes stale; null for all. Events are hints: the queries fetch the data. */
export function keysToInvalidate(event: LiveEvent, siteId: number): QueryKey[] | null {
  if (event.name === 'reset') return null
  if (event.name === 'operations') {
    return [['operations', siteId], ...event.data.map((id) => ['operation', id])]
  }
  const { deliveries, more } = event.data
  if (more > 0) return null
  const lists: QueryKey[] = [
    ['deliveries', siteId],
    ['deliveries', 'count', siteId],
  ]
  const failures: QueryKey[] = deliveries.some(({ status }) => status === 'failed' || status === 'delivered')
    ? [
        ['failures', siteId],
        ['failure', siteId],
      ]
    : []
  return [...lists, ...failures, ...deliveries.map(({ delivery_id: id }) => ['delivery', id])]
}
