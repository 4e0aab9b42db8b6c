import type { Settlement } from '@ghostpost/delivery/deliver'
import { expect, test } from 'vitest'
import { exportResponseOf } from '../src/routes/webhook/respond-to-export.ts'

const request = { ghostVid: 'gv_1', webhookType: 'custom' } as const
const id = 'delivery-1'
const error = { code: 'receiver_error', message: 'The receiver failed.', responseStatus: 503 }
const lastError = { code: 'receiver_error', message: 'The receiver failed.', response_status: 503 }

function settlement(changes: Partial<Settlement>): Settlement {
  return {
    deliveryId: id,
    state: 'queued',
    attempts: 0,
    deliveredAt: null,
    nextAttemptAt: null,
    error: null,
    ...changes,
  }
}

test('a delivered export gets 200 with the documented fields and the id, in that order', () => {
  const { status, body } = exportResponseOf(
    request,
    id,
    settlement({ state: 'delivered', deliveredAt: '2026-03-10T17:18:00.000Z' }),
  )
  expect(status).toBe(200)
  expect(JSON.stringify(body)).toBe(
    '{"success":true,"ghost_vid":"gv_1","webhook_type":"custom",' +
      '"delivered_at":"2026-03-10T17:18:00.000Z","delivery_id":"delivery-1"}',
  )
})

test('a failed first attempt gets 202 with the error and the time of the next attempt', () => {
  const nextAttemptAt = '2026-03-10T17:18:05.000Z'
  expect(
    exportResponseOf(request, id, settlement({ state: 'retrying', attempts: 1, nextAttemptAt, error })),
  ).toEqual({
    status: 202,
    body: {
      success: false,
      ghost_vid: 'gv_1',
      webhook_type: 'custom',
      delivery_id: id,
      status: 'retrying',
      attempts: 1,
      next_attempt_at: nextAttemptAt,
      last_error: lastError,
    },
  })
})

test('a wait without a settlement gets 202 queued', () => {
  expect(exportResponseOf(request, id, null)).toMatchObject({
    status: 202,
    body: { status: 'queued', attempts: 0, next_attempt_at: null, last_error: null },
  })
})

test('a permanent refusal gets 502', () => {
  expect(exportResponseOf(request, id, settlement({ state: 'failed', attempts: 1, error }))).toEqual({
    status: 502,
    body: { success: false, delivery_id: id, status: 'failed', error: lastError },
  })
})

test('a cancelled delivery gets 502 with the code cancelled', () => {
  expect(exportResponseOf(request, id, settlement({ state: 'cancelled' }))).toMatchObject({
    status: 502,
    body: { status: 'cancelled', error: { code: 'cancelled' } },
  })
})
