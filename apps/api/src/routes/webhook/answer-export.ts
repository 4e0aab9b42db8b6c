import {
  isFinished,
  type ExportRequest,
  type Settlement,
  type SettlementExpectation,
} from '@ghostpost/delivery/deliver'
import type { DeliveredAnswer, FailedAnswer, PendingAnswer } from '@ghostpost/delivery/contract/webhook'
import { keepAnswer, readKeptAnswer, type KeptAnswer } from '@ghostpost/infrastructure/database/attempts'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { readSettlement } from '@ghostpost/infrastructure/database/log'

interface AcceptedDelivery {
  deliveryId: string
  expectation: SettlementExpectation
}

interface ExportAnswer extends KeptAnswer {
  body: DeliveredAnswer | PendingAnswer | FailedAnswer
}

/** Waits for the first attempt to settle, at most `waitMs`, and says what happened. */
export async function answerFirst(
  database: Database,
  request: ExportRequest,
  { deliveryId, expectation }: AcceptedDelivery,
  waitMs: number,
): Promise<KeptAnswer> {
  const settlement = await expectation.within(waitMs)
  return keep(database, request, deliveryId, answerOf(request, deliveryId, settlement))
}

/** The same request under the same key: the answer given first, or, while there is none, what can be said now. */
export async function answerAgain(
  database: Database,
  request: ExportRequest,
  { deliveryId, expectation }: AcceptedDelivery,
  waitMs: number,
): Promise<KeptAnswer> {
  try {
    const kept = await readKept(database, request, deliveryId)
    if (kept) return kept
    const now = await readSettlement(database, deliveryId)
    const settled = now !== null && (now.attempts > 0 || isFinished(now.state))
    const settlement = settled ? now : await expectation.within(waitMs)
    return await keep(database, request, deliveryId, answerOf(request, deliveryId, settlement))
  } finally {
    expectation.dismiss()
  }
}

/** What a settlement means to the caller; null when none came in time. */
export function answerOf(
  { ghostVid, webhookType }: Pick<ExportRequest, 'ghostVid' | 'webhookType'>,
  deliveryId: string,
  settlement: Settlement | null,
): ExportAnswer {
  const error = settlement?.error ?? null
  const last_error = error && {
    code: error.code,
    message: error.message,
    response_status: error.responseStatus,
  }
  const named = { ghost_vid: ghostVid, webhook_type: webhookType }
  if (settlement?.state === 'delivered' && settlement.deliveredAt !== null) {
    return {
      status: 200,
      body: { success: true, ...named, delivered_at: settlement.deliveredAt, delivery_id: deliveryId },
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
      ...named,
      delivery_id: deliveryId,
      status,
      attempts,
      next_attempt_at,
      last_error,
    },
  }
}

async function keep(
  database: Database,
  { userId, idempotency }: ExportRequest,
  deliveryId: string,
  answer: ExportAnswer,
): Promise<KeptAnswer> {
  if (idempotency === null) return answer
  return keepAnswer(database, { userId, key: idempotency.key, deliveryId }, answer)
}

async function readKept(
  database: Database,
  { userId, idempotency }: ExportRequest,
  deliveryId: string,
): Promise<KeptAnswer | null> {
  return idempotency && readKeptAnswer(database, { userId, key: idempotency.key, deliveryId })
}
