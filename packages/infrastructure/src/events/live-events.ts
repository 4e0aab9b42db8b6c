import type { DeliveryState, DueDelivery } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'

/** A delivery that has entered a state. Contains no personal data: every listener of the site receives it. */
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
type PublishedDelivery = Omit<DueDelivery, 'lane' | 'budget'>

/** The events of one site in one batch. */
export interface SiteEvents {
  /** How many deliveries entered each state. */
  counts: Partial<Record<DeliveryState, number>>
  /** The first of them; `more` counts the others. */
  deliveries: LiveDelivery[]
  more: number
  /** Ids of operations whose state or progress changed. */
  operations: string[]
}

/** The events by site. */
export type LiveBatch = Record<number, SiteEvents>

/** A received batch, or the notice that batches may have been lost. */
export type LiveMessage = { kind: 'batch'; id: string; batch: LiveBatch } | { kind: 'missed' }

/** Transports live events between processes. A lost event is harmless, because the database has the truth. */
export interface EventStore {
  /** The most deliveries one batch may carry. */
  deliveriesMax: number
  publish: (batch: LiveBatch) => Promise<void>
  /** Calls `onMessage` for everything that is published from now on, in order. */
  listen: (onMessage: (message: LiveMessage) => void) => void
  /** The batches that were published after an id, oldest first; null when the store no longer has all of them. */
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

/** @param onError called when a batch could not be published */
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
