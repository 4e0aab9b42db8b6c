import type { ReceiverHealth } from '@ghostpost/delivery/contract'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { polled } from '../../live/live-state.ts'

/** How the receiver of a destination copes; absent while the store of budgets is away. */
export function useHealth(id: string): UseQueryResult<ReceiverHealth> {
  return useQuery({
    queryKey: ['destination', id, 'health'],
    queryFn: () => api.readHealth(id),
    refetchInterval: polled,
    retry: false,
  })
}
