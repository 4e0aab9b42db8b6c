import type { DeliveryState } from '@ghostpost/delivery/deliver'
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
  /** Tells who listens that a delivery entered a state. Costs nothing now: what happens within a moment goes together. */
  publishDelivery: (siteId: number, delivery: LiveDelivery) => void
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
    publishDelivery: (siteId, delivery) => {
      const events = eventsFor(siteId)
      events.counts[delivery.status] = (events.counts[delivery.status] ?? 0) + 1
      if (events.deliveries.length < store.deliveriesMax) events.deliveries.push(delivery)
      else events.more += 1
      if (delivery.operation_id !== null) publishOperation(siteId, delivery.operation_id)
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
