import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, type Reaction, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { makeSites } from '../stores/make-sites.ts'

let stack: Stack
/** Each test has its own receiver, so that it has its own budget. */
let receiver: Receiver
const receivers: Receiver[] = []
let count = 0

beforeAll(async () => {
  receivers.push(...(await Promise.all(Array.from({ length: 14 }, () => startReceiver()))))
  const allowed = receivers.map(({ port }) => `127.0.0.1/32:${port}`).join(' ')
  const settings = { GHOSTPOST_ALLOWED_ADDRESSES: allowed, GHOSTPOST_BREAKER_FAILURES: '5' }
  stack = await startStack(
    { ...settings, GHOSTPOST_RETRY_SCHEDULE: '0s 100ms 100ms 100ms 100ms 100ms 100ms 100ms' },
    2,
  )
})

beforeEach(() => {
  receiver = receivers.pop() ?? receiver
})

afterEach(() => receiver.stop())

afterAll(async () => {
  await stack.stop()
  await Promise.all(receivers.map((one) => one.stop()))
})

const ghost_vid = 'gv_a1b2c3d4_e5f6g7h8'
const respondAsync = { prefer: 'respond-async' }

function exportAdHoc(headers: Record<string, string> = respondAsync): Promise<ApiResponse> {
  return callApi(stack, '/api/webhook', { body: { ghost_vid, webhook_url: receiver.url }, headers })
}

async function save(limits: object): Promise<string> {
  count += 1
  const body = { name: `limited ${count}`, webhook_type: 'custom', webhook_url: receiver.url, ...limits }
  const response = await callApi(stack, '/api/destinations', { body })
  const destination = response.body?.['destination'] as { id: string } | undefined
  return destination?.id ?? ''
}

async function exportTimes(times: number, destination_id: string): Promise<string[]> {
  const body = { ghost_vid, destination_id }
  const responses = await Promise.all(
    Array.from({ length: times }, () => callApi(stack, '/api/webhook', { body, headers: respondAsync })),
  )
  return responses.map((one) => String(one.body?.['delivery_id']))
}

async function delivery(id: string): Promise<Record<string, unknown>> {
  return (await callApi(stack, `/api/deliveries/${id}`)).body ?? {}
}

async function health(path: string): Promise<Record<string, unknown>> {
  return (await callApi(stack, path)).body ?? {}
}

const hostHealth = () => health(`/api/receivers/127.0.0.1:${receiver.port}`)

/** Responds 200 after `ms` and records the largest number of concurrent requests. */
function slowReaction(ms: number): { reaction: Reaction; maxInFlight: () => number } {
  let now = 0
  let maxInFlight = 0
  const reaction: Reaction = async (request, response) => {
    now += 1
    maxInFlight = Math.max(maxInFlight, now)
    await new Promise((resolve) => setTimeout(resolve, ms))
    now -= 1
    await respond(200)(request, response)
  }
  return { reaction, maxInFlight: () => maxInFlight }
}

/** Exports to a path of the receiver from one of two sites. */
function exportFrom(siteId: number, path: string, headers = {}): Promise<ApiResponse> {
  const vid = siteId === 4 ? ghost_vid : `gv_${siteId}`
  const body = { siteId, ghost_vid: vid, webhook_url: receiver.url.replace(/\/$/, '') + path }
  return callApi(stack, '/api/webhook', { body, headers })
}

async function reasonsOf(response: ApiResponse): Promise<unknown[]> {
  const explained = await callApi(stack, `/api/deliveries/${String(response.body?.['delivery_id'])}/explain`)
  const reasons = (explained.body?.['reasons'] ?? []) as { code: string }[]
  return reasons.map(({ code }) => code)
}

describe('two sites that use the same host', () => {
  let other: number

  beforeAll(async () => {
    ;[other = 0] = await makeSites(stack, 1)
  })

  test('the Retry-After that one site gets does not delay the other', async () => {
    receiver.next(respond(429, { headers: { 'retry-after': '3600' } }))
    expect((await exportFrom(other, '/limited')).body).toMatchObject({ status: 'retrying' })
    expect((await exportFrom(4, '/healthy')).status).toBe(200)
    const waiting = await exportFrom(other, '/limited', { prefer: 'wait=1' })
    expect(await reasonsOf(waiting)).toContain('throttled')
    expect(
      (await health(`/api/receivers/127.0.0.1:${receiver.port}?siteId=${other}`))['throttled_until'],
    ).not.toBeNull()
    expect((await hostHealth())['throttled_until']).toBeNull()
  })

  test('the breaker that one site opens does not delay the other', async () => {
    receiver.always((request, response) => respond(request.url === '/dead' ? 503 : 200)(request, response))
    await exportFrom(other, '/dead', respondAsync)
    await waitUntil('the breaker is open', async () => {
      const { breaker } = await health(`/api/receivers/127.0.0.1:${receiver.port}?siteId=${other}`)
      return breaker !== 'closed'
    })
    expect((await exportFrom(4, '/healthy')).status).toBe(200)
    expect((await hostHealth())['breaker']).toBe('closed')
  })
})

test('the Retry-After of one webhook does not delay another webhook of its host', async () => {
  receiver.next(respond(429, { headers: { 'retry-after': '3600' } }))
  expect((await exportFrom(4, '/webhook/limited')).body).toMatchObject({ status: 'retrying' })
  expect((await exportFrom(4, '/webhook/healthy')).status).toBe(200)
  const waiting = await exportFrom(4, '/webhook/limited', { prefer: 'wait=1' })
  expect(await reasonsOf(waiting)).toContain('throttled')
})

describe('a saved destination with limits', () => {
  test('receives no more concurrent requests than its cap, from all workers together', async () => {
    const { reaction, maxInFlight } = slowReaction(60)
    receiver.always(reaction)
    const id = await save({ concurrency: 2 })
    const ids = await exportTimes(16, id)
    await receiver.waitForRequests(16)
    await waitUntil('all deliveries are delivered', async () =>
      (await Promise.all(ids.map(delivery))).every(({ status }) => status === 'delivered'),
    )
    expect(maxInFlight()).toBeLessThanOrEqual(2)
    const attempts = (await Promise.all(ids.map(delivery))).map((one) => (one['attempts'] as []).length)
    expect(new Set(attempts)).toEqual(new Set([1]))
  })

  test('receives requests no faster than its rate', async () => {
    const id = await save({ rate_limit: { requests: 10, per_seconds: 1 } })
    await exportTimes(12, id)
    const times = (await receiver.waitForRequests(12)).map(({ receivedAt }) => receivedAt.getTime())
    // Eleven gaps of 102 ms; a request may travel a little faster than another.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000)
  })

  test('shows its limits and accepts new ones', async () => {
    const id = await save({ rate_limit: { requests: 5, per_seconds: 2 }, concurrency: 3 })
    const path = `/api/destinations/${id}`
    expect((await callApi(stack, path)).body).toMatchObject({
      rate_limit: { requests: 5, per_seconds: 2 },
      concurrency: 3,
    })
    expect(await health(`${path}/health`)).toEqual({
      breaker: 'closed',
      open_until: null,
      throttled_until: null,
      in_flight: 0,
      concurrency_now: 3,
      mean_duration_ms: 0,
    })
    const changed = await callApi(stack, path, {
      method: 'PATCH',
      body: { rate_limit: null, concurrency: 9 },
    })
    expect(changed.body).toMatchObject({ rate_limit: null, concurrency: 9 })
  })

  test.each([
    [{ concurrency: 0 }, 'concurrency'],
    [{ rate_limit: { requests: 0, per_seconds: 1 } }, 'rate_limit'],
    [{ rate_limit: { requests: 1 } }, 'rate_limit'],
  ])('refuses %j', async (limits, field) => {
    const body = { name: `odd ${field}`, webhook_type: 'custom', webhook_url: receiver.url, ...limits }
    const response = await callApi(stack, '/api/destinations', { body })
    expect(response.status).toBe(400)
    expect(response.text).toContain(field)
  })
})

describe('a receiver that fails', () => {
  test('gets no request after five failures, and its deliveries wait without an attempt', async () => {
    receiver.always(respond(500))
    const failing = [await exportAdHoc(), await exportAdHoc()].map((one) => String(one.body?.['delivery_id']))
    const { id, newRequests, state } = await waitUntil('an export waits for the breaker', async () => {
      const before = await hostHealth()
      if (before['breaker'] !== 'open' || before['in_flight'] !== 0) return false
      const requestsBefore = receiver.requests.length
      const response = await exportAdHoc({ prefer: 'wait=1' })
      const waitingId = String(response.body?.['delivery_id'])
      const state = {
        status: response.status,
        delivery: await delivery(waitingId),
        health: await hostHealth(),
      }
      const newRequests = receiver.requests.length - requestsBefore
      // A slow machine may need longer than the breaker stays open; then the next opening counts.
      const wasOpen = Date.now() < Date.parse(String(before['open_until']))
      return wasOpen && { id: waitingId, newRequests, state }
    })
    expect(newRequests).toBe(0)
    expect(state).toMatchObject({
      status: 202,
      delivery: { status: 'queued', attempts: [] },
      health: { breaker: 'open', concurrency_now: 0 },
    })

    receiver.always(respond(200))
    for (const one of [...failing, id]) {
      await waitUntil(
        'the delivery is delivered',
        async () => (await delivery(one))['status'] === 'delivered',
      )
    }
    expect((await delivery(id))['attempts']).toHaveLength(1)
    expect(await hostHealth()).toMatchObject({ breaker: 'closed', open_until: null })
    expect(stack.workers.map((worker) => worker.output()).join('')).toContain('"event":"breaker_opened"')
  })

  test('that sends Retry-After gets no request from any worker until then, and no attempt is spent', async () => {
    receiver.next(respond(429, { headers: { 'retry-after': '6' } }))
    const first = await exportAdHoc({ prefer: 'wait=20' })
    expect(first.body).toMatchObject({ status: 'retrying' })
    const throttled = await waitUntil('the workers share the throttle', async () => {
      const found = await hostHealth()
      return found['throttled_until'] !== null && found
    })
    expect(throttled).toMatchObject({ breaker: 'closed', throttled_until: expect.any(String) })
    const second = String((await exportAdHoc()).body?.['delivery_id'])
    await waitUntil(
      'the delivery is delivered',
      async () => (await delivery(second))['status'] === 'delivered',
    )
    expect((await delivery(second))['attempts']).toHaveLength(1)
    const [, next] = receiver.requests
    const [refused] = receiver.requests
    const waitedMs = (next?.receivedAt.getTime() ?? 0) - (refused?.receivedAt.getTime() ?? 0)
    expect(waitedMs).toBeGreaterThanOrEqual(5_950)
  })
})

describe('a receiver that is repaired while its breaker is open', () => {
  const post = (path: string): Promise<ApiResponse> => callApi(stack, path, { method: 'POST' })

  async function openBreaker(path: string, deliveryId: string): Promise<void> {
    await waitUntil('the breaker is open', async () => (await health(path))['breaker'] !== 'closed')
    expect((await delivery(deliveryId))['status']).not.toBe('delivered')
    receiver.always(respond(200))
  }

  test('the test of a destination is sent at once and ends the wait of its deliveries', async () => {
    receiver.always(respond(503))
    const id = await save({})
    const [waiting = ''] = await exportTimes(1, id)
    await openBreaker(`/api/destinations/${id}/health`, waiting)
    const tested = await post(`/api/destinations/${id}/test`)
    expect(tested.body).toMatchObject({ attempt: { decision: 'delivered' }, waits_for: null })
    expect((await health(`/api/destinations/${id}/health`))['breaker']).toBe('closed')
    await waitUntil('it is delivered', async () => (await delivery(waiting))['status'] === 'delivered')
  })

  test('a person closes the breaker of a destination, and its deliveries are tried', async () => {
    receiver.always(respond(503))
    const id = await save({})
    const [waiting = ''] = await exportTimes(1, id)
    await openBreaker(`/api/destinations/${id}/health`, waiting)
    const closed = await post(`/api/destinations/${id}/close-breaker`)
    expect(closed).toMatchObject({ status: 200, body: { breaker_before: expect.stringContaining('open') } })
    await waitUntil('it is delivered', async () => (await delivery(waiting))['status'] === 'delivered')
    const entry = await stack.database.prisma.auditEntry.findFirst({ orderBy: { id: 'desc' } })
    expect(entry).toMatchObject({
      action: 'receiver.breaker_closed',
      siteId: 4,
      objectType: 'destination',
      objectId: id,
    })
  })

  test('a person closes the breaker of an ad-hoc URL, of its site alone', async () => {
    receiver.always(respond(503))
    const waiting = String((await exportAdHoc()).body?.['delivery_id'])
    await openBreaker(`/api/receivers/127.0.0.1:${receiver.port}`, waiting)
    expect(await post(`/api/deliveries/${waiting}/close-breaker`)).toMatchObject({ status: 200 })
    await waitUntil('it is delivered', async () => (await delivery(waiting))['status'] === 'delivered')
    expect((await hostHealth())['breaker']).toBe('closed')
  })
})
