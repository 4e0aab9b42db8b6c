import { dueDeliveryOf, isFinished, type DueDelivery } from '@ghostpost/delivery/deliver'
import type { MemoryDatabase } from './database.ts'
import type { DeliveryRow } from './rows.ts'
import type { Transaction } from './table.ts'

const sweepBatch = 500

/** The statement of the sweeper: overdue deliveries, each once per interval. */
export function sweepDue(database: MemoryDatabase, transaction: Transaction): DueDelivery[] {
  const nowMs = database.nowMs()
  const overdue = database.deliveries
    .all(transaction)
    .filter(
      (row) =>
        (row.sweepAtMs ?? Infinity) <= nowMs + 1 &&
        !database.deliveries.isLocked(row.deliveryId, transaction),
    )
    .slice(0, sweepBatch)
  return overdue.flatMap((row) => sweep(database, row, transaction))
}

function sweep(database: MemoryDatabase, row: DeliveryRow, transaction: Transaction): DueDelivery[] {
  const nowMs = database.nowMs()
  const isClaimed = (row.claimExpiresAtMs ?? 0) > nowMs
  const sweepAtMs = isClaimed ? row.claimExpiresAtMs : nowMs + intervalMs(database, row)
  database.deliveries.set(row.deliveryId, { ...row, sweepAtMs }, transaction)
  if (isClaimed) return []
  if (database.hasBug('sweep-skips-expired-claims') && row.state === 'delivering') return []
  return [dueDeliveryOf(row)]
}

/** Grows with the delay, so that a long backlog is not swept over and over. */
function intervalMs({ settings, nowMs }: MemoryDatabase, row: DeliveryRow): number {
  const overdueMs = nowMs() - (row.nextAttemptAtMs ?? nowMs())
  return Math.min(Math.max(settings.sweepAfterMs, overdueMs), settings.sweepEveryMaxMs)
}

/** What the queue did not take is swept again after the shortest interval. */
export function sweepAgain(
  database: MemoryDatabase,
  due: readonly DueDelivery[],
  transaction: Transaction,
): void {
  for (const { deliveryId } of due) {
    const row = database.deliveries.get(deliveryId, transaction)
    if (row?.sweepAtMs) {
      const sweepAtMs = Math.min(row.sweepAtMs, database.nowMs() + database.settings.sweepAfterMs)
      database.deliveries.set(deliveryId, { ...row, sweepAtMs }, transaction)
    }
  }
}

/** The due deliveries of a destination or an operation that was resumed, to be enqueued. */
export function sweepResumed(
  database: MemoryDatabase,
  isResumed: (row: DeliveryRow) => boolean,
  transaction: Transaction,
): DueDelivery[] {
  const nowMs = database.nowMs()
  return database.deliveries
    .all(transaction)
    .filter((row) => isResumed(row) && (row.state === 'queued' || row.state === 'retrying'))
    .filter((row) => row.sweepAtMs !== null && (row.nextAttemptAtMs ?? Infinity) <= nowMs)
    .filter((row) => !database.deliveries.isLocked(row.deliveryId, transaction))
    .map((row) => {
      database.deliveries.set(row.deliveryId, { ...row, sweepAtMs: nowMs }, transaction)
      return dueDeliveryOf(row)
    })
}

/** Deletes the payloads of finished deliveries whose time is over; rows that another statement locked stay. */
export function findExpiredPayloads(database: MemoryDatabase, transaction: Transaction): string[] {
  const beforeMs = database.nowMs() - database.settings.bodiesKeptMs
  return database.payloads.all(transaction).flatMap(({ deliveryId, builtAtMs }) => {
    const row = database.deliveries.get(deliveryId, transaction)
    const isExpired = builtAtMs < beforeMs && row !== undefined && isFinished(row.state)
    return isExpired && !database.deliveries.isLocked(deliveryId, transaction) ? [deliveryId] : []
  })
}
