import type { DeliveryState, DueDelivery } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'

/** A delivery that has entered a state. Nothing of its visitor: whoever hears of it may read it. */
interface LiveDelivery {
  delivery_id: string
  status: DeliveryState
  attempts: number
  webhook_type: WebhookType
  destination_id: string | null
  receiver: string
  cause: string | null
  operation_id: string | null
}

/** The facts about a delivery that its live event contains. */
export type PublishedDelivery = Omit<DueDelivery, 'lane' | 'budget'>

/** What happened in one site within a moment. */
export interface SiteEvents {
  /** How many deliveries entered each state. */
  counts: Partial<Record<DeliveryState, number>>
  /** Some of them; `more` says how many are left out. */
  deliveries: LiveDelivery[]
  more: number
  /** Operations that changed or went on. */
  operations: string[]
}

/** By site. */
export type LiveBatch = Record<number, SiteEvents>

/** Something heard: a batch, or that some may have been missed. */
export type LiveMessage = { kind: 'batch'; id: string; batch: LiveBatch } | { kind: 'missed' }

/** Where live events go through. They are hints: losing one is harmless, as the database has what is true. */
export interface EventStore {
  /** The most deliveries one batch may carry. */
  deliveriesMax: number
  publish: (batch: LiveBatch) => Promise<void>
  /** Hears what is published from now on, in order. */
  listen: (onMessage: (message: LiveMessage) => void) => void
  /** What was published after an id, oldest first; null when that is not known any more. */
  since: (id: string) => Promise<{ id: string; batch: LiveBatch }[] | null>
  close: () => Promise<void>
}

export interface LiveEvents {
  /**
   * Publishes that a delivery entered a state. Does not wait: events of the same moment are sent as one batch.
   * @param cause why the last attempt failed; null when it did not
   */
  publishDelivery: (delivery: PublishedDelivery, status: DeliveryState, cause?: string | null) => void
  publishOperation: (siteId: number, operationId: string) => void
  listen: EventStore['listen']
  since: EventStore['since']
  close: () => Promise<void>
}

const batchMs = 100

/** @param onError told when a batch could not be published */
export function liveEvents(store: EventStore, onError: (error: unknown) => void): LiveEvents {
  let pending: LiveBatch = {}
  let timer: NodeJS.Timeout | undefined
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const batch = pending
    pending = {}
    if (Object.keys(batch).length > 0) await store.publish(batch).catch(onError)
  }
  const eventsFor = (siteId: number): SiteEvents => {
    timer ??= setTimeout(() => void flush(), batchMs).unref()
    return (pending[siteId] ??= { counts: {}, deliveries: [], more: 0, operations: [] })
  }
  const publishOperation = (siteId: number, operationId: string): void => {
    const { operations } = eventsFor(siteId)
    if (!operations.includes(operationId)) operations.push(operationId)
  }
  return {
    publishDelivery: (delivery, status, cause = null) => {
      const { siteId, operationId } = delivery
      const events = eventsFor(siteId)
      events.counts[status] = (events.counts[status] ?? 0) + 1
      if (events.deliveries.length < store.deliveriesMax)
        events.deliveries.push(liveDeliveryOf(delivery, status, cause))
      else events.more += 1
      if (operationId !== null) publishOperation(siteId, operationId)
    },
    publishOperation,
    listen: store.listen,
    since: store.since,
    close: async () => {
      await flush()
      await store.close()
    },
  }
}

function liveDeliveryOf(
  delivery: PublishedDelivery,
  status: DeliveryState,
  cause: string | null,
): LiveDelivery {
  return {
    delivery_id: delivery.deliveryId,
    status,
    attempts: delivery.attemptsMade,
    webhook_type: delivery.webhookType,
    destination_id: delivery.destinationId,
    receiver: delivery.receiverHost,
    cause,
    operation_id: delivery.operationId,
  }
}
