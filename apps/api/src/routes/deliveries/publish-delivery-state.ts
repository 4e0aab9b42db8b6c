import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { LiveEvents } from '@ghostpost/infrastructure/events'

/** What a delivery is, beside where it stands. */
interface Subject {
  siteId: number
  webhookType: WebhookType
  destinationId: string | null
  receiverHost: string
  attemptsMade?: number
}

/** Tells who looks on that a caller has brought a delivery into a state. */
export function publishDeliveryState(
  events: LiveEvents,
  subject: Subject,
  id: string,
  status: DeliveryState,
): void {
  events.publishDelivery(subject.siteId, {
    delivery_id: id,
    status,
    attempts: subject.attemptsMade ?? 0,
    webhook_type: subject.webhookType,
    destination_id: subject.destinationId,
    receiver: subject.receiverHost,
    cause: null,
    operation_id: null,
  })
}
