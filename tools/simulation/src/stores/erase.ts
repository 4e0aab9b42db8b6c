import { visitorKey, type MemoryDatabase } from './database.ts'
import { settleItemOf } from './record.ts'
import { cancelledRow } from './replay.ts'
import type { DeliveryRow } from './rows.ts'
import type { Transaction } from './table.ts'

/** No visitor has this id. */
const erasedVid = 'gv_erased'

export interface Erasure {
  deliveries: number
  /** Deliveries that a worker is sending at the moment. */
  inFlight: number
}

/** The first statement of an erasure: deletes the profile. */
export function deleteProfile(
  database: MemoryDatabase,
  siteId: number,
  ghostVid: string,
  transaction: Transaction,
): void {
  database.visitors.delete(visitorKey(siteId, ghostVid), transaction)
}

/** The other statements: locks the visitor's deliveries, cancels those that wait, and deletes personal data. */
export function eraseDeliveries(
  database: MemoryDatabase,
  siteId: number,
  ghostVid: string,
  transaction: Transaction,
): Erasure {
  const rows = database.deliveries
    .all(transaction)
    .filter((row) => row.siteId === siteId && row.ghostVid === ghostVid && row.alertRuleId === null)
  for (const { deliveryId } of rows) transaction.lock(database.deliveries, deliveryId)
  for (const row of rows) eraseDelivery(database, row, transaction)
  for (const [key, item] of itemsOf(database, siteId, ghostVid, transaction))
    database.items.set(key, { ...item, ghostVid: erasedVid }, transaction)
  return { deliveries: rows.length, inFlight: rows.filter(({ state }) => state === 'delivering').length }
}

function itemsOf(database: MemoryDatabase, siteId: number, ghostVid: string, transaction: Transaction) {
  return database.items.all(transaction).flatMap((item) => {
    const operation = database.operations.get(item.operationId, transaction)
    if (item.ghostVid !== ghostVid || operation?.siteId !== siteId) return []
    return [[`${item.operationId} ${item.deliveryId ?? item.sourceId ?? item.number}`, item] as const]
  })
}

function eraseDelivery(database: MemoryDatabase, row: DeliveryRow, transaction: Transaction): void {
  const { deliveryId, state } = row
  if (!database.hasBug('erase-keeps-payload')) database.payloads.delete(deliveryId, transaction)
  const lines = database.attempts.get(deliveryId, transaction) ?? []
  if (lines.length > 0)
    database.attempts.set(
      deliveryId,
      lines.map((line) => ({ ...line, responseBody: null })),
      transaction,
    )
  deleteKeys(database, deliveryId, transaction)
  const isCancelled = state === 'queued' || state === 'retrying'
  const base = isCancelled ? cancelledRow(database, row) : row
  database.deliveries.set(deliveryId, { ...base, ghostVid: erasedVid, isErased: true }, transaction)
  if (isCancelled) settleItemOf(database, row, 'cancelled', 'visitor_erased', transaction)
}

function deleteKeys(database: MemoryDatabase, deliveryId: string, transaction: Transaction): void {
  const key = keyOf(database, deliveryId, transaction)
  if (key !== undefined) database.keys.delete(key, transaction)
}

/** The key is part of the delivery's id in a history: one action has one key. */
function keyOf(database: MemoryDatabase, deliveryId: string, transaction: Transaction): string | undefined {
  const key = `user ${deliveryId.replace(/\..*$/, '')}`
  return database.keys.get(key, transaction)?.deliveryId === deliveryId ? key : undefined
}
