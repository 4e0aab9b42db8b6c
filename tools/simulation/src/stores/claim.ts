import type { Claim, ClaimResult, InterruptedClaim } from '@ghostpost/delivery/deliver'
import { dueDeliveryOf, isFinished } from '@ghostpost/delivery/deliver'
import { destinationTypes } from '@ghostpost/delivery/destinations'
import type { VisitorProfile } from '@ghostpost/delivery/visitors'
import { visitorKey, type MemoryDatabase } from './database.ts'
import type { DeliveryRow } from './rows.ts'
import type { Transaction } from './table.ts'
import { visitorProfileOf } from './visitor-profile.ts'

const waitMinMs = 10
const pausedWaitMs = 15_000

/** The statement of `ClaimDelivery`, without the claim's age, which the worker measures. */
type UntimedClaim = Omit<Claim, 'ageMs'>

export type UntimedClaimResult =
  | Exclude<ClaimResult, { kind: 'claimed' }>
  | { kind: 'claimed'; claim: UntimedClaim }

export function claimDelivery(
  database: MemoryDatabase,
  deliveryId: string,
  claimId: string,
  transaction: Transaction,
): UntimedClaimResult {
  const row = database.deliveries.get(deliveryId, transaction)
  if (!row) return { kind: 'nothing_to_do' }
  const isPaused = isHeld(database, row, transaction)
  const isSkipped = database.deliveries.isLocked(deliveryId, transaction)
  if (isSkipped || isPaused || !isClaimable(database, row))
    return isInterrupted(database, row)
      ? { kind: 'interrupted', claim: interruptedClaimOf(database, row, transaction) }
      : waitReason(database, row, isPaused)
  const { claimMs } = database.settings
  const expiresAtMs = database.nowMs() + claimMs
  const claimed: DeliveryRow = {
    ...row,
    state: 'delivering',
    claimId,
    claimExpiresAtMs: expiresAtMs,
    sweepAtMs: row.sweepAtMs === null ? null : Math.min(row.sweepAtMs, expiresAtMs),
  }
  database.deliveries.set(deliveryId, claimed, transaction)
  return { kind: 'claimed', claim: claimOf(database, claimed, transaction) }
}

/** Its destination or its operation is paused. */
function isHeld(database: MemoryDatabase, row: DeliveryRow, transaction: Transaction): boolean {
  if (database.hasBug('claim-ignores-pause')) return false
  const destination = row.destinationId && database.destinations.get(row.destinationId, transaction)
  const operation = row.operationId && database.operations.get(row.operationId, transaction)
  if (destination && destination.state !== 'enabled') return true
  return Boolean(operation && operation.state === 'paused')
}

function isClaimable(database: MemoryDatabase, row: DeliveryRow): boolean {
  const nowMs = database.nowMs()
  const { state, nextAttemptAtMs, claimExpiresAtMs } = row
  if (state === 'queued' || state === 'retrying')
    return (nextAttemptAtMs ?? Infinity) <= nowMs + 1 || database.hasBug('claim-before-due')
  if (state !== 'delivering') return database.hasBug('claim-of-finished')
  const isExpired = (claimExpiresAtMs ?? Infinity) <= nowMs
  return database.hasBug(isExpired ? 'takeover-without-record' : 'claim-of-claimed')
}

/** Its worker neither recorded nor released the claim in time. */
function isInterrupted(database: MemoryDatabase, { state, claimExpiresAtMs }: DeliveryRow): boolean {
  return state === 'delivering' && (claimExpiresAtMs ?? Infinity) <= database.nowMs()
}

function interruptedClaimOf(
  database: MemoryDatabase,
  row: DeliveryRow,
  transaction: Transaction,
): InterruptedClaim {
  const { deliveryId, attemptsMade, seriesStart } = row
  const last = database.attempts.get(deliveryId, transaction)?.at(-1)
  return {
    ...claimedOf(row),
    budget: dueDeliveryOf(row).budget,
    interruptedBefore: attemptsMade > seriesStart && last?.outcome === 'interrupted',
  }
}

/** The facts that every claim has. */
function claimedOf(row: DeliveryRow): Omit<InterruptedClaim, 'budget' | 'interruptedBefore'> {
  return {
    claimId: row.claimId ?? '',
    deliveryId: row.deliveryId,
    siteId: row.siteId,
    webhookType: row.webhookType,
    receiverHost: row.receiverHost,
    destinationId: row.destinationId,
    attemptNumber: row.attemptsMade + 1,
    seriesStart: row.seriesStart,
    operationId: row.operationId,
    requestId: null,
    dueForMs: 0,
    retryScheduleMs: null,
  }
}

function waitReason(database: MemoryDatabase, row: DeliveryRow, isPaused: boolean): ClaimResult {
  const untilMs = row.state === 'delivering' ? row.claimExpiresAtMs : row.nextAttemptAtMs
  if (isFinished(row.state) || untilMs === null) return { kind: 'nothing_to_do' }
  return {
    kind: 'wait',
    waitMs: Math.max(untilMs - database.nowMs(), isPaused ? pausedWaitMs : waitMinMs),
  }
}

function claimOf(database: MemoryDatabase, row: DeliveryRow, transaction: Transaction): UntimedClaim {
  const { deliveryId } = row
  const stored = database.payloads.get(deliveryId, transaction)?.body ?? null
  const payload = database.hasBug('payload-is-replaced') ? null : stored
  const attempts = database.attempts.get(deliveryId, transaction) ?? []
  return {
    ...claimedOf(row),
    target: targetOf(database, row, transaction),
    sample: false,
    includeJourney: false,
    includeEvents: false,
    superseded: isSuperseded(database, row, transaction),
    payload,
    profile: payload === null ? profileOf(database, row, transaction) : null,
    mayBeRepeat: attempts.some(({ outcomeUnknown }) => outcomeUnknown),
  }
}

function targetOf(database: MemoryDatabase, row: DeliveryRow, transaction: Transaction): Claim['target'] {
  const saved = row.destinationId === null ? null : database.destinations.get(row.destinationId, transaction)
  const url = row.url ?? saved?.url
  if (url === undefined) return null
  return { url, headers: {}, signingSecrets: [], credentials: null }
}

function profileOf(
  database: MemoryDatabase,
  { siteId, ghostVid }: DeliveryRow,
  transaction: Transaction,
): VisitorProfile | null {
  const visitor = database.visitors.get(visitorKey(siteId, ghostVid), transaction)
  return visitor ? visitorProfileOf(visitor) : null
}

/** A newer snapshot of the visitor was delivered to the same CRM. */
function isSuperseded(database: MemoryDatabase, row: DeliveryRow, transaction: Transaction): boolean {
  if (!destinationTypes[row.webhookType].traits.oneRecordPerVisitor) return false
  const builtAtMs = database.payloads.get(row.deliveryId, transaction)?.builtAtMs
  if (builtAtMs === undefined || database.hasBug('superseded-is-sent')) return false
  return database.deliveries.all(transaction).some((other) => {
    if (other.deliveryId === row.deliveryId || other.state !== 'delivered') return false
    const isSamePlace =
      other.siteId === row.siteId &&
      other.ghostVid === row.ghostVid &&
      other.webhookType === row.webhookType &&
      other.receiverHost === row.receiverHost &&
      other.destinationId === row.destinationId
    const otherBuiltAtMs = database.payloads.get(other.deliveryId, transaction)?.builtAtMs
    return isSamePlace && otherBuiltAtMs !== undefined && otherBuiltAtMs > builtAtMs
  })
}

/** The statement of `StorePayload`. An earlier build wins. */
export function storePayload(
  database: MemoryDatabase,
  { deliveryId, claimId }: Pick<Claim, 'deliveryId' | 'claimId'>,
  body: string,
  transaction: Transaction,
): string | null {
  const row = database.deliveries.get(deliveryId, transaction)
  if (!row || !isValidOwner(database, row, claimId)) return null
  if (row.isErased && !database.hasBug('payload-survives-erasure')) return null
  const earlier = database.payloads.get(deliveryId, transaction)
  if (earlier && !database.hasBug('payload-is-replaced')) return earlier.body
  // The claim read the profile: a payload that is stored late must not count as newer than it is.
  const claimedAtMs = (row.claimExpiresAtMs ?? 0) - database.settings.claimMs
  const builtAtMs = database.hasBug('snapshot-dated-late') ? database.nowMs() : claimedAtMs
  database.payloads.set(deliveryId, { deliveryId, body, builtAtMs }, transaction)
  return body
}

/** Whether a claim is the delivery's, also one that has expired. */
export function isOwner(row: DeliveryRow, claimId: string): boolean {
  return row.state === 'delivering' && row.claimId === claimId
}

/** Whether a claim is valid: it is the delivery's claim, and it has not expired. */
function isValidOwner(database: MemoryDatabase, row: DeliveryRow, claimId: string): boolean {
  return (
    row.state === 'delivering' && row.claimId === claimId && (row.claimExpiresAtMs ?? 0) > database.nowMs()
  )
}
