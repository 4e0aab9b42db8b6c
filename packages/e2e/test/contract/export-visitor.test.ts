import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { webhookTypes, type WebhookType } from '@ghostpost/delivery/destinations'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { contractExamples } from '../../../delivery/test/destinations/contract-examples.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack.stop())

beforeEach(() => {
  stack.receiver.always(respond(200, { body: 'ok' }))
  stack.receiver.requests.length = 0
})

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

test('GET /api/webhook returns exactly the documented object', async () => {
  const { status, text } = await callApi(stack, '/api/webhook')
  expect(status).toBe(200)
  expect(text).toBe(
    JSON.stringify({
      supported_types: ['custom', 'hubspot', 'salesforce', 'slack', 'discord'],
      example_payload: {
        ghost_vid: 'gv_xxx',
        webhook_url: 'https://your-webhook.com/endpoint',
        webhook_type: 'custom',
        include_journey: true,
        include_events: true,
        siteId: 4,
      },
    }),
  )
})

describe.each(webhookTypes)('an export as %s', (webhook_type) => {
  test('returns the documented fields in their order and the delivery id', async () => {
    const { status, body } = await callApi(stack, '/api/webhook', {
      body: exportBody(stack, { webhook_type }),
    })
    expect(status).toBe(200)
    expect(Object.keys(body ?? {})).toEqual([
      'success',
      'ghost_vid',
      'webhook_type',
      'delivered_at',
      'delivery_id',
    ])
    expect(body).toMatchObject({ success: true, ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', webhook_type })
    expect(body?.['delivered_at']).toMatch(isoTime)
  })

  test('reaches the receiver key for key as documented', async () => {
    await callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_type }) })
    const [request] = stack.receiver.requests
    expect(request?.method).toBe('POST')
    expect(request?.headers['content-type']).toBe('application/json')
    expect(request?.headers['user-agent']).toMatch(
      /^(DiscordBot \(https\S+, \d+\.\d+\.\d+\) )?Ghostpost\/\d+\.\d+\.\d+ \(\+https?:\/\/.+\)$/,
    )
    const sent = JSON.parse(request?.body ?? '{}')
    expect(JSON.stringify(documentedPart(sent, webhook_type))).toBe(
      JSON.stringify(documentedPayload(webhook_type, sent.exported_at)),
    )
  })
})

/** The payload of the API documentation, with the time of this export if it has one. */
function documentedPayload(type: WebhookType, exported_at: string | undefined): object {
  const example = JSON.parse(contractExamples[type]) as object
  return 'exported_at' in example ? { ...example, exported_at } : example
}

/** The sent body without the keys that the product adds to the documented ones. */
function documentedPart(sent: Record<string, unknown>, type: string): Record<string, unknown> {
  const added: Record<string, string[]> = { slack: ['text'], discord: ['embeds', 'allowed_mentions'] }
  return Object.fromEntries(Object.entries(sent).filter(([key]) => !added[type]?.includes(key)))
}

test('defaults are custom, site 4, journey and events', async () => {
  await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  const sent = JSON.parse(stack.receiver.requests[0]?.body ?? '{}')
  expect(Object.keys(sent)).toEqual(expect.arrayContaining(['journey', 'recent_events', 'exported_at']))
})

test('flags leave journey and events out', async () => {
  const body = exportBody(stack, { include_journey: false, include_events: false })
  await callApi(stack, '/api/webhook', { body })
  const sent = JSON.parse(stack.receiver.requests[0]?.body ?? '{}')
  expect(sent).not.toHaveProperty('journey')
  expect(sent).not.toHaveProperty('recent_events')
})

test('a delivery can be read afterwards, without its secret URL', async () => {
  const exported = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  const { status, body, text } = await callApi(stack, `/api/deliveries/${exported.body?.['delivery_id']}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    status: 'delivered',
    siteId: 4,
    next_attempt_at: null,
    last_error: null,
    attempts: [
      { number: 1, outcome: 'answered', decision: 'delivered', response_status: 200, response_body: 'ok' },
    ],
  })
  expect(text).not.toContain('hooks/leads')
})

describe('Prefer', () => {
  test('respond-async returns 202 at once, and the delivery continues', async () => {
    const headers = { prefer: 'respond-async' }
    const {
      status,
      headers: answered,
      body,
    } = await callApi(stack, '/api/webhook', { body: exportBody(stack), headers })
    expect(status).toBe(202)
    expect(answered.get('preference-applied')).toBe('respond-async')
    expect(answered.get('location')).toBe(`/api/deliveries/${body?.['delivery_id']}`)
    expect(body).toEqual({
      success: false,
      ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
      webhook_type: 'custom',
      delivery_id: body?.['delivery_id'],
      status: 'queued',
      attempts: 0,
      next_attempt_at: null,
      last_error: null,
    })
    const location = answered.get('location') ?? ''
    await waitUntil(
      'it is delivered',
      async () => (await callApi(stack, location)).body?.['status'] === 'delivered',
    )
  })

  test('wait=0 does not wait either', async () => {
    const headers = { prefer: 'wait=0' }
    expect((await callApi(stack, '/api/webhook', { body: exportBody(stack), headers })).status).toBe(202)
  })
})

function requestsTo(path: string): unknown[] {
  return stack.receiver.requests.filter((request) => request.path === path)
}

describe('an Idempotency-Key', () => {
  test('with the same request returns the first response and makes one delivery', async () => {
    const call = {
      body: exportBody(stack, { webhook_url: `${stack.receiver.url}once` }),
      headers: { 'idempotency-key': 'lead-1' },
    }
    const first = await callApi(stack, '/api/webhook', call)
    const again = await callApi(stack, '/api/webhook', call)
    expect(again.status).toBe(200)
    expect(again.text).toBe(first.text)
    expect(requestsTo('/once')).toHaveLength(1)
  })

  test('makes one delivery of a hundred concurrent identical requests', async () => {
    const call = {
      body: exportBody(stack, { webhook_url: `${stack.receiver.url}hundred` }),
      headers: { 'idempotency-key': 'lead-100' },
    }
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => callApi(stack, '/api/webhook', call)),
    )
    expect(new Set(responses.map(({ text }) => text)).size).toBe(1)
    expect(responses[0]?.status).toBe(200)
    expect(requestsTo('/hundred')).toHaveLength(1)
  })

  test('with another request is a conflict', async () => {
    const headers = { 'idempotency-key': 'lead-2' }
    await callApi(stack, '/api/webhook', { body: exportBody(stack), headers })
    const other = await callApi(stack, '/api/webhook', {
      body: exportBody(stack, { include_events: false }),
      headers,
    })
    expect(other.status).toBe(409)
    expect(other.body).toMatchObject({ success: false, error: { code: 'idempotency_conflict' } })
  })
})

test('a caller that disconnects changes nothing', async () => {
  const gone = new AbortController()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  stack.receiver.always(async (request, response) => {
    await released
    await respond(200)(request, response)
  })
  const call = fetch(`${stack.api}/api/webhook`, {
    method: 'POST',
    headers: { cookie: `session=${stack.session}`, 'content-type': 'application/json' },
    body: JSON.stringify(exportBody(stack)),
    signal: gone.signal,
  })
  await stack.receiver.waitForRequests(1)
  gone.abort()
  await expect(call).rejects.toThrow('aborted')
  release()
  await waitUntil('it is delivered', async () => {
    const [newest] = await stack.database.prisma.delivery.findMany({
      orderBy: { createdAt: 'desc' },
      take: 1,
    })
    return newest?.state === 'delivered'
  })
})

test('every retry sends the same bytes under the same webhook-id, even if the visitor changes in between', async () => {
  stack.receiver.next(respond(503), respond(503))
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  expect(body).toMatchObject({ status: 'retrying', attempts: 1, last_error: { response_status: 503 } })
  const where = { ghostVid: 'gv_a1b2c3d4_e5f6g7h8' }
  await stack.database.prisma.visitor.updateMany({ where, data: { score: 99 } })
  const requests = await stack.receiver.waitForRequests(3)
  await stack.database.prisma.visitor.updateMany({ where, data: { score: 65 } })
  expect(new Set(requests.map((request) => request.body)).size).toBe(1)
  expect(new Set(requests.map((request) => request.headers['webhook-id']))).toEqual(
    new Set([body?.['delivery_id']]),
  )
})
