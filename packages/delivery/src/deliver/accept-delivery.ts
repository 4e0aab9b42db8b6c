import { laneOf, type Settlement } from './delivery.ts'
import type { WebhookType } from '../destinations/registry.ts'
import { budgetKeyOf } from '../receivers/receiver-budget.ts'
import type { Enqueue, IdempotencyClaim, SaveDelivery, SaveResult } from './ports.ts'
import type { ReceiverScheme } from '../receivers/receiver-url.ts'

export interface ExportRequest {
  userId: string
  siteId: number
  ghostVid: string
  webhookType: WebhookType
  /** Already read by `parseReceiverUrl`; null for a saved destination. */
  receiverUrl: URL | null
  receiverHost: string
  receiverScheme: ReceiverScheme
  destinationId: string | null
  includeJourney: boolean
  includeEvents: boolean
  idempotency: IdempotencyClaim | null
}

export interface AcceptPorts {
  newId: () => string
  save: SaveDelivery
  enqueue: Enqueue
  /** Starts listening for the delivery's settlement; must be called before the bell rings, or a fast worker is missed. */
  subscribeToSettlement: (deliveryId: string) => SettlementSubscription
}

export interface SettlementSubscription {
  /** The first settlement heard, or null when none came within `waitMs`. */
  waitFor: (waitMs: number) => Promise<Settlement | null>
  /** Stops listening. */
  cancel: () => void
}

export type AcceptResult =
  | { kind: 'accepted'; deliveryId: string; subscription: SettlementSubscription }
  /** The same request under the same idempotency key came before. */
  | { kind: 'already_accepted'; deliveryId: string; subscription: SettlementSubscription }
  | AcceptRefusal

export type AcceptRefusal = Exclude<SaveResult, { kind: 'saved' | 'already_saved' }>

/** Makes a request for an export durable and rings the bell. After `accepted` the delivery cannot be lost. */
export async function acceptDelivery(request: ExportRequest, ports: AcceptPorts): Promise<AcceptResult> {
  const id = ports.newId()
  const subscription = ports.subscribeToSettlement(id)
  try {
    const saved = await ports.save({
      ...request,
      id,
      receiverUrl: request.receiverUrl?.href ?? null,
      sample: false,
      requestedBy: request.userId,
    })
    if (saved.kind === 'saved') {
      const job = { deliveryId: id, siteId: request.siteId, budget: budgetKeyOf(request) }
      await ports.enqueue({ ...job, attemptsMade: 0, lane: laneOf(0), delayMs: 0 })
      return { kind: 'accepted', deliveryId: id, subscription }
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
