import { dueDeliveryOf, isFinished, type DueDelivery } from '@ghostpost/delivery/deliver'
import type { ReplayableDelivery } from '@ghostpost/delivery/operations'
import { visitorKey, type MemoryDatabase } from './database.ts'
import { settleItemOf } from './record.ts'
import type { DeliveryRow } from './rows.ts'
import { insertDelivery, isVisitorThere } from './save.ts'
import type { Transaction } from './table.ts'

/** The facts for `resendRefusal` and `reExportRefusal`; null when there is no such delivery. */
export function findReplayable(
  database: MemoryDatabase,
  deliveryId: string,
  transaction: Transaction,
): ReplayableDelivery | null {
  const row = database.deliveries.get(deliveryId, transaction)
  return row ? replayableOf(database, row, transaction) : null
}

export function replayableOf(
  database: MemoryDatabase,
  row: DeliveryRow,
  transaction: Transaction,
): ReplayableDelivery {
  const saved = row.destinationId === null ? null : database.destinations.get(row.destinationId, transaction)
  return {
    state: row.state,
    hasPayload: !row.isErased && database.payloads.get(row.deliveryId, transaction) !== undefined,
    hasVisitor: database.visitors.get(visitorKey(row.siteId, row.ghostVid), transaction) !== undefined,
    target: saved ? saved.state : row.url === null ? 'none' : 'enabled',
  }
}

/** The statement of a resend: a finished delivery with a stored payload is due again. */
export function resendDelivery(
  database: MemoryDatabase,
  deliveryId: string,
  transaction: Transaction,
): DueDelivery | null {
  const row = database.deliveries.get(deliveryId, transaction)
  if (!row || row.isErased || !database.payloads.get(deliveryId, transaction)) return null
  if (!isFinished(row.state) && !database.hasBug('resend-of-unfinished')) return null
  return makeDueAgain(database, row, null, transaction)
}

export function makeDueAgain(
  database: MemoryDatabase,
  row: DeliveryRow,
  operationId: string | null,
  transaction: Transaction,
): DueDelivery {
  const nowMs = database.nowMs()
  const due: DeliveryRow = {
    ...row,
    state: 'queued',
    seriesStart: row.attemptsMade,
    nextAttemptAtMs: nowMs,
    finishedAtMs: null,
    deliveredAtMs: null,
    sweepAtMs: nowMs + database.settings.sweepAfterMs,
    operationId,
  }
  database.deliveries.set(row.deliveryId, due, transaction)
  return dueDeliveryOf(due)
}

/** A new delivery of the same visitor to the same receiver; null when its visitor was erased. */
export function copyDelivery(
  database: MemoryDatabase,
  newId: string,
  sourceId: string,
  transaction: Transaction,
): DueDelivery | null {
  const source = database.deliveries.get(sourceId, transaction)
  if (!source || source.isErased) return null
  if (!isVisitorThere(database, source.siteId, source.ghostVid, transaction)) return null
  return insertDelivery(database, { ...source, deliveryId: newId, operationId: null }, transaction)
}

/** The statement that cancels a waiting delivery. */
export function cancelDelivery(
  database: MemoryDatabase,
  deliveryId: string,
  transaction: Transaction,
): DueDelivery | null {
  const row = database.deliveries.get(deliveryId, transaction)
  const isClaimedToo = row?.state === 'delivering' && database.hasBug('cancel-of-claimed')
  const isWaiting = row?.state === 'queued' || row?.state === 'retrying' || isClaimedToo
  if (!row || !isWaiting) return null
  const cancelled = cancelledRow(database, row)
  database.deliveries.set(deliveryId, cancelled, transaction)
  if (!database.hasBug('cancel-forgets-ledger'))
    settleItemOf(database, row, 'cancelled', 'by_hand', transaction)
  return dueDeliveryOf(cancelled)
}

export function cancelledRow(database: MemoryDatabase, row: DeliveryRow): DeliveryRow {
  return {
    ...row,
    state: 'cancelled',
    nextAttemptAtMs: null,
    sweepAtMs: null,
    finishedAtMs: database.nowMs(),
  }
}
