import { dueDeliveryOf, type DueDelivery, type DueDeliveryFacts } from '@ghostpost/delivery/deliver'

/** A due delivery to `example.com`; its first attempt unless `facts` say otherwise. */
export function dueDeliveryWith(
  facts: Pick<DueDeliveryFacts, 'deliveryId'> & Partial<DueDeliveryFacts>,
): DueDelivery {
  return dueDeliveryOf({
    siteId: 4,
    webhookType: 'custom',
    destinationId: null,
    receiverHost: 'example.com',
    webhookKey: null,
    operationId: null,
    attemptsMade: 0,
    seriesStart: 0,
    ...facts,
  })
}
