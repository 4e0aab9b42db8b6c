import type { BudgetedResult } from '@ghostpost/delivery/deliver'
import type { LiveEvents } from '@ghostpost/infrastructure/events'

/** Tells who looks on what became of an attempt. */
export function publishSettlement(events: LiveEvents, result: BudgetedResult): void {
  if (result.kind !== 'settled') return
  const { claim, settlement } = result
  events.publishDelivery(claim.siteId, {
    delivery_id: claim.deliveryId,
    status: settlement.state,
    attempts: settlement.attempts,
    webhook_type: claim.webhookType,
    destination_id: claim.destinationId,
    receiver: claim.receiverHost,
    cause: settlement.error?.code ?? null,
    operation_id: claim.operationId,
  })
}
