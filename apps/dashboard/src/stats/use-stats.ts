import type { DestinationStats, StatsRange, StatsView } from '@ghostpost/delivery/contract/stats'
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api } from '../api.ts'
import { pollRefetchInterval } from '../live/live-state.ts'

export const rangeNames: Readonly<Record<StatsRange, string>> = {
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
}

export const statsRanges = Object.keys(rangeNames) as StatsRange[]

/** Parses the time range of an address; undefined when it is unknown. */
export function parseRange(text: unknown): StatsRange | undefined {
  return statsRanges.find((one) => one === text)
}

/** Statistics of the attempts of a site, or of one destination, over time. */
export function useStats(
  siteId: number,
  range: StatsRange,
  destinationId?: string,
): UseQueryResult<StatsView> {
  return useQuery({
    queryKey: ['stats', siteId, range, destinationId],
    queryFn: () => api.readStats(siteId, range, destinationId),
    refetchInterval: pollRefetchInterval,
    placeholderData: keepPreviousData,
  })
}

/** Statistics of each saved destination: its last 24 hours, and the current health of its receiver. */
export function useDestinationStats(siteId: number): UseQueryResult<ReadonlyMap<string, DestinationStats>> {
  return useQuery({
    queryKey: ['stats', siteId, 'destinations'],
    queryFn: () => api.listDestinationStats(siteId),
    refetchInterval: pollRefetchInterval,
    select: ({ items }) => new Map(items.map((one) => [one.destination_id, one])),
  })
}
