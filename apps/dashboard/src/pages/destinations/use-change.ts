import type { DestinationChanges } from '@ghostpost/delivery/contract/destination'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'

export type ChangeDestination = ReturnType<typeof useChange>

export function useChange(id: string, onDone: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (changes: DestinationChanges) => api.changeDestination(id, changes),
    onSuccess: (changed) => {
      client.setQueryData(['destination', id], changed)
      void client.invalidateQueries({ queryKey: ['destinations'] })
      onDone()
    },
  })
}
