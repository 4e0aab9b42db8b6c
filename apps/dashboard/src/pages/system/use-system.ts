import type { SystemView } from '@ghostpost/delivery/contract/system'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { pollRefetchInterval } from '../../live/live-state.ts'

export const systemKey = ['system']

/** Which sites the numbers of the installation are about. */
export const scopeNames: Readonly<Record<SystemView['scope'], string>> = {
  all_sites: 'All sites together',
  own_sites: 'Your sites',
}

/** The state of the installation. */
export function useSystem(): UseQueryResult<SystemView> {
  return useQuery({ queryKey: systemKey, queryFn: api.readSystem, refetchInterval: pollRefetchInterval })
}
