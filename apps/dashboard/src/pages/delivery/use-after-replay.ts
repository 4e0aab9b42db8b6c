import type { ManualActionResult } from '@ghostpost/delivery/contract/delivery-log'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

/** Returns a function for the end of a manual action: it refetches the delivery, or shows the new one. */
export function useAfterReplay(onClose: () => void): (result: ManualActionResult) => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return ({ delivery_id: id, made_from: from }) => {
    void client.invalidateQueries()
    onClose()
    if (from !== null) void navigate({ to: '/deliveries/$id', params: { id } })
  }
}
