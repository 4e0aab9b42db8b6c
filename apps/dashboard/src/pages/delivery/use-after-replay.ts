import type { ManualActionResult } from '@ghostpost/delivery/contract/delivery-log'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

/** After a delivery was sent again or stopped: shows it as it is now, or the new one that was made of it. */
export function useAfterReplay(onClose: () => void): (result: ManualActionResult) => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return ({ delivery_id: id, made_from: from }) => {
    void client.invalidateQueries()
    onClose()
    if (from !== null) void navigate({ to: '/deliveries/$id', params: { id } })
  }
}
