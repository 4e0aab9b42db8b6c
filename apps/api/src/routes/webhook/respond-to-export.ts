import type { DeliveredResponse, FailedResponse, PendingResponse } from '@ghostpost/delivery/contract/webhook'
import {
  isFinished,
  type ExportRequest,
  type Settlement,
  type SettlementSubscription,
} from '@ghostpost/delivery/deliver'
import {
  readStoredResponse,
  storeResponse,
  type StoredResponse,
} from '@ghostpost/infrastructure/database/attempts'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { readSettlement } from '@ghostpost/infrastructure/database/log'

/** The parts of an export request that its response depends on. */
export type RespondedExport = Pick<ExportRequest, 'userId' | 'ghostVid' | 'webhookType' | 'idempotency'>

interface AcceptedDelivery {
  deliveryId: string
  subscription: SettlementSubscription
}

interface ExportResponse extends StoredResponse {
  body: DeliveredResponse | PendingResponse | FailedResponse
}

/** Waits at most `waitMs` for the first attempt to settle and builds the response. */
export async function respondToNewExport(
  database: Database,
  request: RespondedExport,
  { deliveryId, subscription }: AcceptedDelivery,
  waitMs: number,
): Promise<StoredResponse> {
  const settlement = await subscription.waitFor(waitMs)
  return storeUnderKey(database, request, deliveryId, exportResponseOf(request, deliveryId, settlement))
}

/**
 * Responds to a repeat of a request under the same idempotency key: with the stored response, or, while there is none,
 * with the current state or the settlement.
 */
export async function respondToRepeatedExport(
  database: Database,
  request: RespondedExport,
  { deliveryId, subscription }: AcceptedDelivery,
  waitMs: number,
): Promise<StoredResponse> {
  try {
    const stored = await readUnderKey(database, request, deliveryId)
    if (stored) return stored
    const current = await readSettlement(database, deliveryId)
    const settled = current !== null && (current.attempts > 0 || isFinished(current.state))
    const settlement = settled ? current : await subscription.waitFor(waitMs)
    return await storeUnderKey(
      database,
      request,
      deliveryId,
      exportResponseOf(request, deliveryId, settlement),
    )
  } finally {
    subscription.cancel()
  }
}

/** The response for a settlement; null means that no attempt settled within the wait. */
export function exportResponseOf(
  { ghostVid, webhookType }: Pick<ExportRequest, 'ghostVid' | 'webhookType'>,
  deliveryId: string,
  settlement: Settlement | null,
): ExportResponse {
  const error = settlement?.error ?? null
  const last_error = error && {
    code: error.code,
    message: error.message,
    response_status: error.responseStatus,
  }
  const subject = { ghost_vid: ghostVid, webhook_type: webhookType }
  if (settlement?.state === 'delivered' && settlement.deliveredAt !== null) {
    return {
      status: 200,
      body: { success: true, ...subject, delivered_at: settlement.deliveredAt, delivery_id: deliveryId },
    }
  }
  if (settlement?.state === 'failed' || settlement?.state === 'cancelled') {
    const cancelled = { code: 'cancelled', message: 'The delivery was cancelled.', response_status: null }
    const status = settlement.state
    return {
      status: 502,
      body: { success: false, delivery_id: deliveryId, status, error: last_error ?? cancelled },
    }
  }
  const status = settlement && settlement.attempts > 0 ? 'retrying' : 'queued'
  const attempts = settlement?.attempts ?? 0
  const next_attempt_at = settlement?.nextAttemptAt ?? null
  return {
    status: 202,
    body: {
      success: false,
      ...subject,
      delivery_id: deliveryId,
      status,
      attempts,
      next_attempt_at,
      last_error,
    },
  }
}

async function storeUnderKey(
  database: Database,
  { userId, idempotency }: RespondedExport,
  deliveryId: string,
  response: ExportResponse,
): Promise<StoredResponse> {
  if (idempotency === null) return response
  return storeResponse(database, { userId, key: idempotency.key, deliveryId }, response)
}

async function readUnderKey(
  database: Database,
  { userId, idempotency }: RespondedExport,
  deliveryId: string,
): Promise<StoredResponse | null> {
  return idempotency && readStoredResponse(database, { userId, key: idempotency.key, deliveryId })
}

/** The longest wait a caller may ask for. */
const waitMaxMs = 30_000

export interface PreferredWait {
  ms: number
  /** The honoured preference, for the Preference-Applied header; null if there is none. */
  applied: string | null
}

/**
 * The time to wait for an outcome, from the `Prefer` header (RFC 7240): 0 for `respond-async` alone, N seconds for
 * `wait=N`, at most 30. Unknown preferences are ignored, as the RFC requires.
 */
export function preferredWait(prefer: string | undefined, defaultMs: number): PreferredWait {
  const preferences = (prefer ?? '')
    .toLowerCase()
    .split(/[,;]/)
    .map((preference) => preference.trim())
  const seconds = preferences
    .map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(preference)?.[1])
    .find(Boolean)
  if (seconds !== undefined) {
    const ms = Math.min(Number(seconds) * 1_000, waitMaxMs)
    return { ms, applied: `wait=${ms / 1_000}` }
  }
  if (preferences.includes('respond-async')) return { ms: 0, applied: 'respond-async' }
  return { ms: defaultMs, applied: null }
}
