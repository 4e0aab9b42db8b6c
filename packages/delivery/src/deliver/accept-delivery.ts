import type { Settlement } from './delivery.ts'
import type { WebhookType } from '../destinations/registry.ts'
import type { DueDelivery, Enqueue } from './due-delivery.ts'
import type { IdempotencyClaim, SaveDelivery, SaveResult } from './ports.ts'
import type { ReceiverScheme } from '../receivers/receiver-url.ts'

export interface ExportRequest {
  userId: string
  siteId: number
  ghostVid: string
  webhookType: WebhookType
  /** As `parseReceiverUrl` writes it; null for a saved destination. */
  receiverUrl: string | null
  receiverHost: string
  receiverScheme: ReceiverScheme
  /** Distinguishes the webhooks of a host that limits each on its own; null for a saved destination. */
  webhookKey: string | null
  destinationId: string | null
  includeJourney: boolean
  includeEvents: boolean
  idempotency: IdempotencyClaim | null
}

export interface AcceptPorts {
  newId: () => string
  save: SaveDelivery
  enqueue: Enqueue
  /**
   * Starts to listen for the delivery's settlement. Called before the job is enqueued: a worker may settle it at once.
   */
  subscribeToSettlement: (deliveryId: string) => SettlementSubscription
}

export interface SettlementSubscription {
  /** Resolves to the first settlement, or to null when none came within `waitMs`. */
  waitFor: (waitMs: number) => Promise<Settlement | null>
  /** Stops listening. */
  cancel: () => void
}

export type AcceptResult =
  | { kind: 'accepted'; deliveryId: string; due: DueDelivery; subscription: SettlementSubscription }
  /** An earlier request had the same idempotency key and the same content. */
  | { kind: 'already_accepted'; deliveryId: string; subscription: SettlementSubscription }
  | AcceptRefusal

export type AcceptRefusal = Exclude<SaveResult, { kind: 'saved' | 'already_saved' }>

/**
 * Saves the delivery of an export request and enqueues it. After `accepted` the delivery cannot be lost.
 * @throws what `save` throws; then nothing is stored
 */
export async function acceptDelivery(request: ExportRequest, ports: AcceptPorts): Promise<AcceptResult> {
  const id = ports.newId()
  const subscription = ports.subscribeToSettlement(id)
  try {
    const saved = await ports.save({
      ...request,
      id,
      sample: false,
      requestedBy: request.userId,
    })
    if (saved.kind === 'saved') {
      await ports.enqueue(saved.due)
      return { kind: 'accepted', deliveryId: id, due: saved.due, subscription }
    }
    subscription.cancel()
    if (saved.kind !== 'already_saved') return saved
    const { deliveryId } = saved
    return { kind: 'already_accepted', deliveryId, subscription: ports.subscribeToSettlement(deliveryId) }
  } catch (error) {
    subscription.cancel()
    throw error
  }
}
