import {
  dueDeliveryOf,
  type DueDelivery,
  type NewDelivery,
  type SaveResult,
} from '@ghostpost/delivery/deliver'
import { visitorKey, type MemoryDatabase } from './database.ts'
import type { DeliveryRow, KeyRow } from './rows.ts'
import type { Transaction } from './table.ts'

type NewRow = Pick<
  DeliveryRow,
  | 'deliveryId'
  | 'siteId'
  | 'ghostVid'
  | 'webhookType'
  | 'url'
  | 'receiverHost'
  | 'webhookKey'
  | 'destinationId'
  | 'operationId'
  | 'alertRuleId'
>

/** Inserts a delivery that is due now. */
export function insertDelivery(database: MemoryDatabase, row: NewRow, transaction: Transaction): DueDelivery {
  if (database.deliveries.get(row.deliveryId, transaction))
    throw new Error(`two deliveries have the id ${row.deliveryId}`)
  const nowMs = database.nowMs()
  const isSwept = !database.hasBug('save-without-sweep')
  const delivery: DeliveryRow = {
    ...row,
    attemptsMade: 0,
    seriesStart: 0,
    state: 'queued',
    claimId: null,
    claimExpiresAtMs: null,
    nextAttemptAtMs: nowMs,
    sweepAtMs: isSwept ? nowMs + database.settings.sweepAfterMs : null,
    finishedAtMs: null,
    deliveredAtMs: null,
    lastCause: null,
    createdAtMs: nowMs,
    isErased: false,
  }
  database.deliveries.set(row.deliveryId, delivery, transaction)
  return dueDeliveryOf(delivery)
}

/** A visitor that is being erased counts as gone. The lock keeps an erasure from missing the new delivery. */
export function isVisitorThere(
  database: MemoryDatabase,
  siteId: number,
  ghostVid: string,
  transaction: Transaction,
): boolean {
  const key = visitorKey(siteId, ghostVid)
  if (!database.visitors.get(key, transaction)) return false
  if (database.hasBug('save-during-erasure')) return true
  if (database.visitors.isLocked(key, transaction)) return false
  transaction.share(database.visitors, key)
  return true
}

/** The statement of `SaveDelivery`. */
export function saveDelivery(
  database: MemoryDatabase,
  delivery: NewDelivery,
  transaction: Transaction,
): SaveResult {
  const { idempotency, siteId, ghostVid, requestedBy } = delivery
  if (!isVisitorThere(database, siteId, ghostVid, transaction)) return { kind: 'visitor_not_found' }
  const key = idempotency && `${requestedBy} ${idempotency.key}`
  const known = key === null ? undefined : database.keys.get(key, transaction)
  if (known && idempotency) return savedBefore(known, idempotency.requestDigest)
  if (key !== null && idempotency)
    database.keys.set(key, keyRowOf(idempotency.requestDigest, delivery.id), transaction)
  const row = { ...delivery, deliveryId: delivery.id, url: delivery.receiverUrl }
  const due = insertDelivery(database, { ...row, operationId: null, alertRuleId: null }, transaction)
  return { kind: 'saved', due }
}

function savedBefore({ requestDigest, deliveryId }: KeyRow, digest: string): SaveResult {
  return requestDigest === digest ? { kind: 'already_saved', deliveryId } : { kind: 'idempotency_conflict' }
}

export function keyRowOf(requestDigest: string, deliveryId: string): KeyRow {
  return { requestDigest, deliveryId, status: null }
}

/** Stores the first response under a key; returns the stored one. */
export function storeResponse(
  database: MemoryDatabase,
  key: string,
  status: number,
  transaction: Transaction,
): number {
  const row = database.keys.get(key, transaction)
  if (!row) return status
  if (row.status !== null) return row.status
  database.keys.set(key, { ...row, status }, transaction)
  return status
}
