import { freePort } from '@ghostpost/local-services'
import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let count = 0

beforeAll(async () => {
  stack = await startStack({
    GHOSTPOST_RETRY_SCHEDULE: '0s 1h 2h 3h',
    GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32',
  })
})

beforeEach(() => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
})

afterAll(() => stack.stop())

async function destination(body: object): Promise<string> {
  count += 1
  const webhook = {
    name: `detail ${count}`,
    webhook_type: 'custom',
    webhook_url: `${stack.receiver.url}planted-path`,
  }
  const created = await callApi(stack, '/api/destinations', { body: { ...webhook, ...body } })
  return (created.body as { destination: { id: string } }).destination.id
}

async function exported(to: object): Promise<DeliveryView> {
  const { body } = await callApi(stack, '/api/webhook', {
    body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', ...to },
  })
  return read(String(body?.['delivery_id']))
}

async function read(id: string): Promise<DeliveryView> {
  return (await callApi(stack, `/api/deliveries/${id}`)).body as unknown as DeliveryView
}

describe('the detail of a delivery', () => {
  test('has the sent bytes, and the headers with masked secrets', async () => {
    const destination_id = await destination({ headers: { 'x-api-key': 'planted-key' } })
    const { payload, attempts, delivery_id, receiver } = await exported({ destination_id })
    const [request] = stack.receiver.requests
    expect(payload).toBe(request?.body)
    const [attempt] = attempts
    expect(attempt).toMatchObject({ request_method: 'POST', request_body: null })
    expect(attempt?.request_headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': delivery_id,
      'webhook-timestamp': request?.headers['webhook-timestamp'],
      'webhook-signature': 'v1,•••',
      'x-api-key': '•••',
    })
    expect(receiver).toBe(`${stack.receiver.origin}/…`)
    expect(JSON.stringify(await read(delivery_id))).not.toContain('planted')
  })

  test('has the bytes of a CRM request without its token', async () => {
    const credentials = { kind: 'access_token', access_token: 'planted-token-of-hubspot' }
    const destination_id = await destination({ webhook_type: 'hubspot', credentials })
    const { payload, attempts, delivery_id } = await exported({ destination_id })
    const [request] = stack.receiver.requests
    expect(attempts[0]).toMatchObject({ request_method: request?.method, request_body: request?.body })
    expect(request?.body).not.toBe(payload)
    expect(request?.headers.authorization).toContain('planted-token')
    expect(JSON.stringify(await read(delivery_id))).not.toContain('planted')
  })

  test('has the receiver’s response and the duration of each phase', async () => {
    stack.receiver.always(respond(404, { headers: { 'x-tea': 'green' }, body: 'short and stout' }))
    const url = stack.receiver.url.replace('127.0.0.1', 'localhost')
    const { attempts } = await exported(exportBody(stack, { webhook_url: `${url}in` }))
    expect(attempts[0]).toMatchObject({
      outcome: 'answered',
      decision: 'give_up',
      response_status: 404,
      response_headers: { 'x-tea': 'green' },
      response_body: 'short and stout',
      response_bytes: 15,
      response_end: 'complete',
      error: { code: expect.any(String), message: expect.any(String), remedy: expect.any(String) },
      timings: {
        reused_connection: false,
        dns_ms: expect.any(Number),
        connect_ms: expect.any(Number),
        tls_ms: null,
        first_byte_ms: expect.any(Number),
        total_ms: expect.any(Number),
      },
    })
  })

  test('shows the known facts of an attempt without a response', async () => {
    const webhook_url = `http://127.0.0.1:${await freePort()}/in`
    const { attempts } = await exported(exportBody(stack, { webhook_url }))
    expect(attempts[0]).toMatchObject({
      outcome: 'connection_failed',
      response_status: null,
      response_body: null,
      timings: { first_byte_ms: null, total_ms: expect.any(Number) },
      error: { code: 'connection_failed', remedy: expect.any(String) },
    })
  })

  test('of a foreign site does not exist', async () => {
    const { delivery_id } = await exported(exportBody(stack))
    const { id } = await createUser(stack.database, [7], 'admin')
    const session = await createSessionToken(stack.database, id)
    for (const path of ['', '/explain'])
      expect((await callApi(stack, `/api/deliveries/${delivery_id}${path}`, { session })).status).toBe(404)
  })
})

describe('the next attempt', () => {
  test('is shown with its time, its number and the retry schedule as its reason', async () => {
    stack.receiver.always(respond(503))
    const { next_attempt, next_attempt_at, created_at } = await exported(exportBody(stack))
    expect(next_attempt).toEqual({ at: next_attempt_at, number: 2, of: 4, because: 'schedule' })
    const waitMs = Date.parse(next_attempt?.at ?? '') - Date.parse(created_at)
    expect(waitMs).toBeGreaterThan(0.79 * 3_600_000)
    expect(waitMs).toBeLessThan(1.3 * 3_600_000)
  })

  test('is shown with Retry-After as its reason', async () => {
    stack.receiver.always(respond(503, { headers: { 'retry-after': '7200' } }))
    // Under its own host name, because the Retry-After blocks the whole receiver.
    const webhook_url = stack.receiver.url.replace('127.0.0.1', 'localhost')
    const { next_attempt } = await exported(exportBody(stack, { webhook_url }))
    expect(next_attempt).toMatchObject({ number: 2, because: 'receiver_asked' })
  })

  test('follows the destination’s own schedule', async () => {
    stack.receiver.always(respond(503))
    const { next_attempt } = await exported({
      destination_id: await destination({ retry_schedule: '0s 5h' }),
    })
    expect(next_attempt).toMatchObject({ number: 2, of: 2, because: 'schedule' })
  })

  test('of a resent delivery counts from the resend', async () => {
    stack.receiver.always(respond(400))
    const { delivery_id } = await exported(exportBody(stack))
    stack.receiver.always(respond(503))
    await callApi(stack, `/api/deliveries/${delivery_id}/resend`, { body: {} })
    const { next_attempt } = await waitUntil('the delivery waits for its retry', async () => {
      const delivery = await read(delivery_id)
      return delivery.status === 'retrying' && delivery
    })
    expect(next_attempt).toMatchObject({ number: 2, of: 4 })
  })

  test('is absent for a finished delivery', async () => {
    expect((await exported(exportBody(stack))).next_attempt).toBeNull()
  })
})
