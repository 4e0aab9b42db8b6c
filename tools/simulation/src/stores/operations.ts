import { isFinished, type DueDelivery } from '@ghostpost/delivery/deliver'
import {
  reExportRefusal,
  resendRefusal,
  type CanaryCounts,
  type FeedProgress,
  type MemberPage,
  type OperationMember,
  type StartedCounts,
} from '@ghostpost/delivery/operations'
import type { MemoryDatabase } from './database.ts'
import { itemKey, settleItemOf } from './record.ts'
import { cancelledRow, makeDueAgain, replayableOf } from './replay.ts'
import type { DeliveryRow, ItemRow, OperationRow } from './rows.ts'
import { insertDelivery, isVisitorThere } from './save.ts'
import type { Transaction } from './table.ts'

const feedEveryMs = 200

/** Takes the operation that has waited longest, and locks it. */
export function takeOperation(database: MemoryDatabase, transaction: Transaction): OperationRow | null {
  const nowMs = database.nowMs()
  const isDue = (row: OperationRow): boolean =>
    row.finishedAtMs === null &&
    (row.state === 'running' || row.state === 'cancelled') &&
    (row.fedAtMs === null || row.fedAtMs < nowMs - feedEveryMs) &&
    !database.operations.isLocked(row.id, transaction)
  const due = database.operations.all(transaction).filter(isDue)
  const taken = due.toSorted((one, other) => (one.fedAtMs ?? 0) - (other.fedAtMs ?? 0))[0]
  if (!taken) return null
  database.operations.set(taken.id, { ...taken, fedAtMs: nowMs }, transaction)
  return taken
}

export function itemsOf(database: MemoryDatabase, id: string, transaction: Transaction): ItemRow[] {
  return database.items.all(transaction).filter(({ operationId }) => operationId === id)
}

export function countStarted(database: MemoryDatabase, id: string, transaction: Transaction): StartedCounts {
  const items = itemsOf(database, id, transaction)
  const waiting = items.filter(({ outcome }) => outcome === 'waiting')
  const untried = waiting.filter((item) => !isTried(database, item, transaction))
  const started = items.filter(({ outcome }) => outcome !== 'skipped')
  return { started: started.length, untried: untried.length, waiting: waiting.length }
}

function isTried(database: MemoryDatabase, item: ItemRow, transaction: Transaction): boolean {
  const row = item.deliveryId === null ? null : database.deliveries.get(item.deliveryId, transaction)
  return row ? row.attemptsMade > row.seriesStart : false
}

function isWaiting({ outcome }: ItemRow): boolean {
  return outcome === 'waiting'
}

export function countCanary(database: MemoryDatabase, id: string, transaction: Transaction): CanaryCounts {
  const items = itemsOf(database, id, transaction).filter(({ outcome }) => outcome !== 'skipped')
  const tried = items.filter((item) => !isWaiting(item) || isTried(database, item, transaction))
  const failed = tried.filter((item) => isWaiting(item) || item.outcome === 'failed')
  return { started: items.length, tried: tried.length, failed: failed.length }
}

/** The deliveries or visitors that an operation selects, in the order of their ids. */
export function selectedMembers(
  database: MemoryDatabase,
  { siteId, select, watermarkMs }: Pick<OperationRow, 'siteId' | 'select' | 'watermarkMs'>,
  transaction: Transaction,
): OperationMember[] {
  if (select === 'visitors')
    return database.visitors
      .all(transaction)
      .filter((row) => row.siteId === siteId)
      .map(({ ghostVid }) => ({ id: ghostVid, ghostVid, visitorId: ghostVid }))
      .toSorted(byId)
  return database.deliveries
    .all(transaction)
    .filter((row) => row.siteId === siteId && row.createdAtMs <= watermarkMs && row.alertRuleId === null)
    .filter((row) => (select === 'failed' ? row.state === 'failed' : isFinished(row.state)))
    .filter((row) => row.finishedAtMs === null || row.finishedAtMs <= watermarkMs)
    .map(({ deliveryId, ghostVid }) => ({ id: deliveryId, ghostVid, visitorId: ghostVid }))
    .toSorted(byId)
}

function byId(one: OperationMember, other: OperationMember): number {
  return one.id < other.id ? -1 : 1
}

export function findMembers(
  database: MemoryDatabase,
  operation: OperationRow,
  cursor: string | null,
  limit: number,
  transaction: Transaction,
): MemberPage {
  const rest = selectedMembers(database, operation, transaction).filter(
    ({ id }) => cursor === null || id > cursor,
  )
  const members = rest.slice(0, limit)
  return { members, cursor: members.at(-1)?.id ?? cursor, isEnd: members.length < limit }
}

/** Writes members into the ledger, and makes their deliveries due or skips them. */
export function startMembers(
  database: MemoryDatabase,
  operation: OperationRow,
  members: readonly OperationMember[],
  fed: number,
  transaction: Transaction,
): DueDelivery[] {
  return members.flatMap((member, index) => {
    const number = fed + index + 1
    const started = startMember(database, operation, member, number, transaction)
    const line: ItemRow = {
      operationId: operation.id,
      number,
      deliveryId: typeof started === 'string' ? null : started.deliveryId,
      sourceId: operation.select === 'visitors' ? null : member.id,
      ghostVid: member.ghostVid,
      outcome: typeof started === 'string' ? 'skipped' : 'waiting',
      reason: typeof started === 'string' ? started : null,
    }
    const key = itemKey(operation.id, line.deliveryId ?? line.sourceId ?? String(number))
    database.items.set(key, line, transaction)
    return typeof started === 'string' ? [] : [started]
  })
}

/** The due delivery, or why the member is skipped. */
function startMember(
  database: MemoryDatabase,
  operation: OperationRow,
  member: OperationMember,
  number: number,
  transaction: Transaction,
): DueDelivery | string {
  if (operation.select === 'visitors') return exportVisitor(database, operation, member, number, transaction)
  const row = database.deliveries.get(member.id, transaction)
  if (!row || (row.finishedAtMs ?? 0) > operation.watermarkMs) return 'state_changed'
  const facts = replayableOf(database, row, transaction)
  const by = { by: 'operation' } as const
  if (operation.kind === 'resend')
    return resendRefusal(facts, by) ?? makeDueAgain(database, row, operation.id, transaction)
  const refusal = reExportRefusal(facts, by)
  if (refusal !== null) return refusal
  if (!isVisitorThere(database, row.siteId, row.ghostVid, transaction)) return 'visitor_gone'
  const copy: DeliveryRow = { ...row, deliveryId: `${operation.id}.${number}`, operationId: operation.id }
  return insertDelivery(database, copy, transaction)
}

function exportVisitor(
  database: MemoryDatabase,
  { id, siteId, destinationId }: OperationRow,
  { ghostVid }: OperationMember,
  number: number,
  transaction: Transaction,
): DueDelivery | string {
  if (!isVisitorThere(database, siteId, ghostVid, transaction)) return 'visitor_gone'
  const destination =
    destinationId === null ? undefined : database.destinations.get(destinationId, transaction)
  if (!destination) return 'destination_gone'
  if (destination.state !== 'enabled') return `destination_${destination.state}`
  const { webhookType, receiverHost } = destination
  const base = { siteId, ghostVid, webhookType, receiverHost, destinationId, url: null, webhookKey: null }
  const row = { ...base, deliveryId: `${id}.${number}`, operationId: id, alertRuleId: null }
  return insertDelivery(database, row, transaction)
}

export function storeProgress(
  database: MemoryDatabase,
  id: string,
  { cursor, fed, allFed, isCanaryStarted, creditMs }: FeedProgress,
  transaction: Transaction,
): void {
  const row = database.operations.get(id, transaction)
  if (!row) return
  const canary = isCanaryStarted ? 'running' : row.canary
  const pacedAtMs = creditMs === null ? row.pacedAtMs : database.nowMs() - creditMs
  database.operations.set(id, { ...row, cursor, fed, allFed, canary, pacedAtMs }, transaction)
}

/** Writes members that a cancelled operation never began into its ledger. */
export function listNeverBegun(
  database: MemoryDatabase,
  operation: OperationRow,
  members: readonly OperationMember[],
  fed: number,
  transaction: Transaction,
): void {
  for (const [index, member] of members.entries()) {
    const number = fed + index + 1
    const sourceId = operation.select === 'visitors' ? null : member.id
    const line = {
      operationId: operation.id,
      number,
      deliveryId: null,
      sourceId,
      ghostVid: member.ghostVid,
      outcome: 'cancelled',
      reason: 'never_begun',
    } as const
    database.items.set(itemKey(operation.id, sourceId ?? String(number)), line, transaction)
  }
}

export function cancelWaiting(
  database: MemoryDatabase,
  id: string,
  limit: number,
  transaction: Transaction,
): void {
  const waiting = database.deliveries
    .all(transaction)
    .filter(({ operationId, state }) => operationId === id && (state === 'queued' || state === 'retrying'))
    .filter(({ deliveryId }) => !database.deliveries.isLocked(deliveryId, transaction))
  for (const row of waiting.slice(0, limit)) {
    database.deliveries.set(row.deliveryId, cancelledRow(database, row), transaction)
    settleItemOf(database, row, 'cancelled', null, transaction)
  }
}
