import {
  dueDeliveryOf,
  isFinished,
  skippedCauses,
  type AttemptRecord,
  type Claim,
  type DueDelivery,
  type RecordAttempt,
  type Settlement,
} from '@ghostpost/delivery/deliver'
import { isOwner } from './claim.ts'
import type { MemoryDatabase } from './database.ts'
import type { AttemptLine, DeliveryRow, ItemOutcome } from './rows.ts'
import type { Transaction } from './table.ts'

type RecordResult = Awaited<ReturnType<RecordAttempt>>

/** The statement of `RecordAttempt`: the attempt and the new state, only for the owner of a valid claim. */
export function recordAttempt(
  database: MemoryDatabase,
  claim: Pick<Claim, 'deliveryId' | 'claimId' | 'attemptNumber'>,
  attempt: AttemptRecord,
  transaction: Transaction,
): RecordResult {
  const row = database.deliveries.get(claim.deliveryId, transaction)
  if (!row) return { kind: 'claim_lost' }
  const lines = database.attempts.get(row.deliveryId, transaction) ?? []
  const isOwn = mayRecord(database, row, claim, attempt) || database.hasBug('record-without-claim')
  const isCorrection = !isOwn && mayCorrect(row, lines, claim, attempt)
  if (!isOwn && !isCorrection) return { kind: 'claim_lost' }
  const settled = settledRow(database, row, claim, attempt)
  database.deliveries.set(row.deliveryId, settled, transaction)
  const line = attemptLine(database, settled, claim.attemptNumber, attempt)
  const kept = isCorrection ? lines.slice(0, -1) : lines
  database.attempts.set(row.deliveryId, [...kept, line], transaction)
  settleItem(database, settled, attempt, transaction, isCorrection ? ['waiting', 'failed'] : ['waiting'])
  if (settled.isErased && !database.hasBug('payload-survives-erasure'))
    database.payloads.delete(row.deliveryId, transaction)
  disableGone(database, settled, attempt, transaction)
  const due = settled.state === 'retrying' ? dueDeliveryOf(settled) : null
  return { kind: 'recorded', settlement: settlementOf(settled, attempt), due }
}

/** The claim is the attempt's own. Others record an interruption, once the claim has expired. */
function mayRecord(
  database: MemoryDatabase,
  row: DeliveryRow,
  { claimId }: Pick<Claim, 'claimId'>,
  { outcome }: AttemptRecord,
): boolean {
  const isExpired = (row.claimExpiresAtMs ?? 0) <= database.nowMs()
  return isOwner(row, claimId) && (outcome.kind !== 'interrupted' || isExpired)
}

/** A known outcome replaces the record of its attempt as interrupted, unless somebody has sent the delivery again. */
function mayCorrect(
  row: DeliveryRow,
  lines: readonly AttemptLine[],
  { attemptNumber }: Pick<Claim, 'attemptNumber'>,
  { next, verdict }: AttemptRecord,
): boolean {
  const last = lines.at(-1)
  const isLast = last?.number === attemptNumber && last.outcome === 'interrupted'
  const isKnown = verdict.decision === 'delivered' || !verdict.failure.outcomeUnknown
  const isWaiting =
    row.state === 'retrying' ||
    (row.state === 'failed' && (next.state !== 'retrying' || row.operationId === null))
  return isLast && isKnown && isWaiting && row.claimId === null && row.attemptsMade === attemptNumber
}

function settledRow(
  database: MemoryDatabase,
  row: DeliveryRow,
  { attemptNumber }: Pick<Claim, 'attemptNumber'>,
  { next, verdict }: AttemptRecord,
): DeliveryRow {
  const nowMs = database.nowMs()
  const delayMs = next.state === 'retrying' ? next.delayMs : 0
  const shownDelayMs = database.hasBug('record-halves-delay') ? delayMs / 2 : delayMs
  const isRetry = next.state === 'retrying'
  const isSwept = isRetry && !database.hasBug('retry-without-sweep')
  return {
    ...row,
    state: next.state,
    attemptsMade: database.hasBug('attempt-not-counted') ? row.attemptsMade : attemptNumber,
    claimId: null,
    claimExpiresAtMs: null,
    nextAttemptAtMs: isRetry ? nowMs + shownDelayMs : null,
    sweepAtMs: isSwept ? nowMs + delayMs + database.settings.sweepAfterMs : null,
    deliveredAtMs: next.state === 'delivered' ? nowMs : null,
    finishedAtMs: isRetry ? null : nowMs,
    lastCause: verdict.decision === 'delivered' ? null : verdict.failure.cause,
  }
}

function attemptLine(
  database: MemoryDatabase,
  row: DeliveryRow,
  number: number,
  { outcome, verdict }: AttemptRecord,
): AttemptLine {
  const failure = verdict.decision === 'delivered' ? null : verdict.failure
  const keepsBody = !row.isErased || database.hasBug('record-keeps-erased-response')
  return {
    deliveryId: row.deliveryId,
    number,
    outcome: outcome.kind,
    decision: verdict.decision,
    outcomeUnknown: (failure?.outcomeUnknown ?? false) && !database.hasBug('unknown-not-marked'),
    cause: failure?.cause ?? null,
    status: outcome.kind === 'answered' ? outcome.status : null,
    atMs: database.nowMs(),
    responseBody: outcome.kind === 'answered' && keepsBody ? outcome.body : null,
  }
}

/** The line of the ledger of the delivery's operation. */
function settleItem(
  database: MemoryDatabase,
  row: DeliveryRow,
  { verdict }: AttemptRecord,
  transaction: Transaction,
  from: readonly ItemOutcome[],
): void {
  if (!isFinished(row.state) || database.hasBug('ledger-not-settled')) return
  const cause = verdict.decision === 'delivered' ? null : verdict.failure.cause
  const outcome = cause !== null && skippedCauses.has(cause) ? 'skipped' : (row.state as ItemOutcome)
  settleItemOf(database, row, outcome, cause, transaction, from)
}

export function settleItemOf(
  database: MemoryDatabase,
  { operationId, deliveryId }: Pick<DeliveryRow, 'operationId' | 'deliveryId'>,
  outcome: ItemOutcome,
  reason: string | null,
  transaction: Transaction,
  from: readonly ItemOutcome[] = ['waiting'],
): void {
  if (operationId === null) return
  const key = itemKey(operationId, deliveryId)
  const item = database.items.get(key, transaction)
  if (item && from.includes(item.outcome)) database.items.set(key, { ...item, outcome, reason }, transaction)
}

/** A line of a ledger by its delivery; a skipped line by its source. */
export function itemKey(operationId: string, deliveryId: string): string {
  return `${operationId} ${deliveryId}`
}

function disableGone(
  database: MemoryDatabase,
  { destinationId }: DeliveryRow,
  { verdict }: AttemptRecord,
  transaction: Transaction,
): void {
  if (verdict.decision !== 'give_up' || !verdict.receiverGone || destinationId === null) return
  const destination = database.destinations.get(destinationId, transaction)
  if (destination?.state === 'enabled')
    database.destinations.set(destinationId, { ...destination, state: 'disabled' }, transaction)
}

function settlementOf(row: DeliveryRow, { verdict, outcome }: AttemptRecord): Settlement {
  const failure = verdict.decision === 'delivered' ? null : verdict.failure
  return {
    deliveryId: row.deliveryId,
    state: row.state,
    attempts: row.attemptsMade,
    deliveredAt: isoOf(row.deliveredAtMs),
    nextAttemptAt: isoOf(row.nextAttemptAtMs),
    error: failure && {
      code: failure.cause,
      message: failure.message,
      responseStatus: outcome.kind === 'answered' ? outcome.status : null,
    },
  }
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** The statement of `ReleaseClaim`. */
export function releaseClaim(
  database: MemoryDatabase,
  { deliveryId, claimId }: Pick<Claim, 'deliveryId' | 'claimId'>,
  transaction: Transaction,
): DueDelivery | null {
  const row = database.deliveries.get(deliveryId, transaction)
  if (!row || !isOwner(row, claimId)) return null
  const released: DeliveryRow = {
    ...row,
    state: row.attemptsMade === row.seriesStart ? 'queued' : 'retrying',
    claimId: null,
    claimExpiresAtMs: null,
    sweepAtMs: database.hasBug('release-without-sweep') ? null : database.nowMs(),
  }
  database.deliveries.set(deliveryId, released, transaction)
  return dueDeliveryOf(released)
}
