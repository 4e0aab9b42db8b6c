import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { LiveEvents } from '@ghostpost/infrastructure/events'

/** The fields of a delivery that its event needs besides the state. */
interface Subject {
  siteId: number
  webhookType: WebhookType
  destinationId: string | null
  receiverHost: string
  attemptsMade?: number
}

/** Publishes a delivery's new state, after a caller's request changed it, to live listeners. */
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
