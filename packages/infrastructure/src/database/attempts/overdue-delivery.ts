import { laneOf, type Lane } from '@ghostpost/delivery/deliver'
import { budgetKeyOf } from '@ghostpost/delivery/receivers'

/** A delivery that is to be rung for. */
export interface OverdueDelivery {
  deliveryId: string
  siteId: number
  attemptsMade: number
  lane: Lane
  budget: string
}

export interface OverdueRow {
  id: string
  site_id: number
  attempts: number
  series_start: number
  operation_id: string | null
  destination_id: string | null
  receiver_host: string
}

/** What a statement on `deliveries d` is to return. */
export const overdueColumns =
  'd.id, d.site_id, d.attempts, d.series_start, d.operation_id, d.destination_id, d.receiver_host'

export function overdueOf(row: OverdueRow): OverdueDelivery {
  return {
    deliveryId: row.id,
    siteId: row.site_id,
    attemptsMade: row.attempts,
    lane: laneOf(row.attempts - row.series_start, row.operation_id),
    budget: budgetKeyOf({ destinationId: row.destination_id, receiverHost: row.receiver_host }),
  }
}
