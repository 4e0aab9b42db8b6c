import type { WebhookType } from '../destinations/registry.ts'
import { budgetKeyOf } from '../receivers/receiver-budget.ts'
import { laneOf, type Lane } from './delivery.ts'

/** A delivery that is due, now or after a delay. Every statement that makes a delivery due returns this. */
export interface DueDelivery {
  deliveryId: string
  siteId: number
  webhookType: WebhookType
  destinationId: string | null
  receiverHost: string
  operationId: string | null
  /** Over all series. The delivery's id and this number name the due attempt. */
  attemptsMade: number
  lane: Lane
  /** Key of its receiver's budget (`budgetKeyOf`). */
  budget: string
}

/** The stored facts from which a `DueDelivery` follows. */
export interface DueDeliveryFacts extends Omit<DueDelivery, 'lane' | 'budget'> {
  webhookKey: string | null
  /** Attempts made before the current series began. */
  seriesStart: number
}

export function dueDeliveryOf(facts: DueDeliveryFacts): DueDelivery {
  const { deliveryId, siteId, webhookType, destinationId, receiverHost, operationId } = facts
  return {
    deliveryId,
    siteId,
    webhookType,
    destinationId,
    receiverHost,
    operationId,
    attemptsMade: facts.attemptsMade,
    lane: laneOf(facts.attemptsMade - facts.seriesStart, operationId),
    budget: budgetKeyOf(facts),
  }
}

interface EnqueueOptions {
  /** How long until the attempt is due, in milliseconds; 0 unless given. */
  delayMs?: number
  /** The trace that enqueues it, as a `traceparent`. */
  trace?: string
  /** A person tests the receiver: the attempt does not wait for its circuit breaker. */
  probe?: boolean
  /** The attempt is overdue: a job that the queue already has for a later time becomes due now. */
  overdue?: boolean
}

/**
 * Enqueues a job for a due delivery. A lost job is harmless: the sweeper enqueues it again. Never throws; resolves to
 * false when the queue did not take the job.
 */
export type Enqueue = (due: DueDelivery, options?: EnqueueOptions) => Promise<boolean>
