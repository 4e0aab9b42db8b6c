import { createServer } from 'node:net'
import {
  respond,
  closeSocket,
  dripBody,
  dripHead,
  hugeBody,
  malformed,
  neverRespond,
  rawResponse,
  resetSocket,
} from '@ghostpost/test-kit/receiver/reactions'
import type { Reaction } from '@ghostpost/test-kit/receiver/receiver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  // Receivers that never finish end at these deadlines.
  stack = await startStack({
    GHOSTPOST_RETRY_SCHEDULE: '0s 1h',
    GHOSTPOST_ANSWER_TIMEOUT_MS: '2000',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: '2500',
    GHOSTPOST_CLAIM_MS: '5000',
  })
})

afterAll(() => stack.stop())

interface ExportResult {
  response: ApiResponse
  /** The delivery, read after the response. */
  delivery: Record<string, unknown>
}

async function exportTo(reaction: Reaction, changes: Record<string, unknown> = {}): Promise<ExportResult> {
  stack.receiver.always(reaction)
  const response = await callApi(stack, '/api/webhook', { body: exportBody(stack, changes) })
  const { body } = await callApi(stack, `/api/deliveries/${response.body?.['delivery_id']}`)
  return { response, delivery: body ?? {} }
}

const oneGib = 1_024 ** 3

describe('a receiver that accepts the request', () => {
  test.each([
    [
      'responds 200',
      respond(200, { body: 'ok' }),
      { response_status: 200, response_body: 'ok', response_end: 'complete' },
    ],
    ['responds 204', respond(204), { response_status: 204, response_body: '', response_end: 'complete' }],
    ['responds 200 and sends 1 GiB', hugeBody(oneGib), { response_status: 200, response_end: 'size' }],
    [
      'responds 200 and sends a byte a second',
      dripBody({ bytesPerSecond: 1 }),
      { response_status: 200, response_end: 'deadline' },
    ],
    [
      'responds 200 and sends its headers too slowly',
      dripHead(100),
      { response_status: 200, response_end: 'deadline', response_fault: 'headers not complete' },
    ],
    [
      'responds 200 with a folded header',
      rawResponse('HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 2\r\n\r\nok'),
      { response_status: 200, response_body: 'ok', response_fault: 'folded header' },
    ],
  ])('%s: 200, delivered', async (_name, reaction, attempt) => {
    const { response, delivery } = await exportTo(reaction)
    expect(response.status).toBe(200)
    expect(delivery).toMatchObject({
      status: 'delivered',
      attempts: [{ number: 1, outcome: 'answered', decision: 'delivered', error: null, ...attempt }],
    })
  })

  test('at most 16 KiB of a long response are stored', async () => {
    const { delivery } = await exportTo(hugeBody(oneGib))
    const [attempt] = delivery['attempts'] as { response_body: string; response_bytes: number }[]
    expect(attempt?.response_body.length).toBeLessThanOrEqual(16 * 1_024)
    expect(attempt?.response_bytes).toBeLessThanOrEqual(64 * 1_024)
  })
})

describe('a receiver that fails permanently', () => {
  test.each([
    ['301', respond(301, { headers: { location: 'http://127.0.0.1:1/' } }), 301, 'redirect_not_followed'],
    ['400', respond(400, { body: 'no' }), 400, 'bad_request'],
    ['404', respond(404), 404, 'not_found'],
    ['410', respond(410), 410, 'receiver_gone'],
    ['an untidy 404', rawResponse('HTTP/1.1 404 No\nx : y\ncontent-length: 0\n\n'), 404, 'not_found'],
  ])('with %s: 502, a dead letter', async (_name, reaction, response_status, code) => {
    const { response, delivery } = await exportTo(reaction)
    expect(response.status).toBe(502)
    expect(response.body).toEqual({
      success: false,
      delivery_id: delivery['delivery_id'],
      status: 'failed',
      error: { code, message: expect.any(String), response_status },
    })
    expect(delivery).toMatchObject({
      status: 'failed',
      next_attempt_at: null,
      attempts: [{ number: 1, outcome: 'answered', decision: 'give_up', response_status, error: { code } }],
    })
  })

  test('a forbidden address is refused before a connection', async () => {
    const webhook_url = 'http://127.0.0.1:9/'
    const { response, delivery } = await exportTo(respond(200), { webhook_url })
    expect(response.status).toBe(502)
    expect(response.body).toMatchObject({ error: { code: 'address_forbidden', response_status: null } })
    expect(delivery).toMatchObject({ attempts: [{ outcome: 'address_forbidden', decision: 'give_up' }] })
  })
})

describe('a receiver that fails temporarily', () => {
  test.each([
    ['responds 500', respond(500), 'answered', 500, false],
    ['responds 429', respond(429), 'answered', 429, false],
    ['closes the socket', closeSocket(), 'connection_lost', null, true],
    ['resets the connection', resetSocket(), 'connection_lost', null, true],
    ['never responds', neverRespond(), 'timed_out', null, true],
    ['does not speak HTTP', malformed(), 'answer_malformed', null, true],
  ])('%s: 202, retrying', async (_name, reaction, outcome, response_status, outcome_unknown) => {
    const { response, delivery } = await exportTo(reaction)
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(`/api/deliveries/${delivery['delivery_id']}`)
    expect(response.body).toEqual({
      success: false,
      ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
      webhook_type: 'custom',
      delivery_id: delivery['delivery_id'],
      status: 'retrying',
      attempts: 1,
      next_attempt_at: expect.stringMatching(/Z$/),
      last_error: { code: expect.any(String), message: expect.any(String), response_status },
    })
    expect(delivery).toMatchObject({
      status: 'retrying',
      attempts: [{ number: 1, outcome, decision: 'retry', outcome_unknown, response_status }],
    })
  })

  test('refuses connections: 202, retrying, the outcome is known', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    await new Promise((resolve) => silent.close(resolve))
    const worker = await stack.startWorker({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32' })
    await stack.workers[0]?.stop()
    const { response, delivery } = await exportTo(respond(200), {
      webhook_url: `http://127.0.0.1:${port}/`,
    })
    expect(response.status).toBe(202)
    expect(delivery).toMatchObject({ attempts: [{ outcome: 'connection_failed', outcome_unknown: false }] })
    expect(worker.pid).toBeGreaterThan(0)
  })
})

test.each(['slack', 'discord'])('%s: a 200 with both lengths is delivered', async (webhook_type) => {
  const lengths = 'content-length: 9\r\ntransfer-encoding: chunked'
  const text = `HTTP/1.1 200 OK\r\n${lengths}\r\n\r\n2\r\nok\r\n0\r\n\r\n`
  const { response, delivery } = await exportTo(rawResponse(text), { webhook_type })
  expect(response.status).toBe(200)
  expect(delivery).toMatchObject({ status: 'delivered', attempts: [{ response_body: 'ok' }] })
})

describe('a message to a chat whose outcome is unknown', () => {
  test.each(['slack', 'discord'])('is not repeated to %s', async (webhook_type) => {
    const { response, delivery } = await exportTo(neverRespond(), { webhook_type })
    expect(response.status).toBe(502)
    expect(delivery).toMatchObject({
      status: 'failed',
      attempts: [{ outcome: 'timed_out', decision: 'give_up', outcome_unknown: true }],
    })
  })
})

// Last, because the receiver's host then gets no request for two hours.
test('the next attempt after a 429 waits for Retry-After', async () => {
  const { response } = await exportTo(respond(429, { headers: { 'retry-after': '7200' } }))
  const wait = Date.parse(String(response.body?.['next_attempt_at'])) - Date.now()
  expect(wait).toBeGreaterThan(7_000_000)
  expect(wait).toBeLessThanOrEqual(7_200_000)
})
