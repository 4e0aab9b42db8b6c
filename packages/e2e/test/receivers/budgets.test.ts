import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, type Reaction, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
/** Each test has a receiver of its own, and so a budget of its own. */
let receiver: Receiver
const receivers: Receiver[] = []
let count = 0

beforeAll(async () => {
  receivers.push(...(await Promise.all(Array.from({ length: 8 }, () => startReceiver()))))
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
  const answered = await callApi(stack, '/api/destinations', { body })
  const destination = answered.body?.['destination'] as { id: string } | undefined
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

/** Answers after a while, and remembers how many requests it held at once. */
function slowReaction(ms: number): { reaction: Reaction; most: () => number } {
  let now = 0
  let maxInFlight = 0
  const reaction: Reaction = async (request, response) => {
    now += 1
    maxInFlight = Math.max(maxInFlight, now)
    await new Promise((resolve) => setTimeout(resolve, ms))
    now -= 1
    await respond(200)(request, response)
  }
  return { reaction, most: () => maxInFlight }
}

describe('a saved destination with limits', () => {
  test('is sent no more at once than its cap says, by all workers together', async () => {
    const { reaction, most: maxInFlight } = slowReaction(60)
    receiver.always(reaction)
    const id = await save({ concurrency: 2 })
    const ids = await exportTimes(16, id)
    await receiver.waitForRequests(16)
    await waitUntil('all are delivered', async () =>
      (await Promise.all(ids.map(delivery))).every(({ status }) => status === 'delivered'),
    )
    expect(maxInFlight()).toBeLessThanOrEqual(2)
    const attempts = (await Promise.all(ids.map(delivery))).map((one) => (one['attempts'] as []).length)
    expect(new Set(attempts)).toEqual(new Set([1]))
  })

  test('is sent no faster than its rate says', async () => {
    const id = await save({ rate_limit: { requests: 10, per_seconds: 1 } })
    await exportTimes(12, id)
    const times = (await receiver.waitForRequests(12)).map(({ receivedAt }) => receivedAt.getTime())
    // Eleven gaps of 102 ms; a request may travel a little faster than another.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000)
  })

  test('tells its limits, and takes new ones', async () => {
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
    const answered = await callApi(stack, '/api/destinations', { body })
    expect(answered.status).toBe(400)
    expect(answered.text).toContain(field)
  })
})

describe('a receiver that fails', () => {
  test('is left alone after five failures, and its deliveries wait without an attempt', async () => {
    receiver.always(respond(500))
    const failing = [await exportAdHoc(), await exportAdHoc()].map((one) => String(one.body?.['delivery_id']))
    await waitUntil('its breaker is open and no request is in flight', async () => {
      const { breaker, in_flight } = await hostHealth()
      return breaker === 'open' && in_flight === 0
    })
    const before = receiver.requests.length
    const waiting = await exportAdHoc({ prefer: 'wait=1' })
    expect(waiting.status).toBe(202)
    expect(await delivery(String(waiting.body?.['delivery_id']))).toMatchObject({
      status: 'queued',
      attempts: [],
    })
    expect(receiver.requests).toHaveLength(before)
    expect(await hostHealth()).toMatchObject({ breaker: 'open', concurrency_now: 0 })

    receiver.always(respond(200))
    for (const id of [...failing, String(waiting.body?.['delivery_id'])]) {
      await waitUntil('it is delivered', async () => (await delivery(id))['status'] === 'delivered')
    }
    expect((await delivery(String(waiting.body?.['delivery_id'])))['attempts']).toHaveLength(1)
    expect(await hostHealth()).toMatchObject({ breaker: 'closed', open_until: null })
    expect(stack.workers.map((worker) => worker.output()).join('')).toContain('"event":"breaker_opened"')
  })

  test('that asks for rest is left alone by all, without an attempt spent', async () => {
    receiver.next(respond(429, { headers: { 'retry-after': '2' } }))
    const first = await exportAdHoc({ prefer: 'wait=5' })
    expect(first.body).toMatchObject({ status: 'retrying' })
    const told = await waitUntil('all know', async () => {
      const known = await hostHealth()
      return known['throttled_until'] !== null && known
    })
    expect(told).toMatchObject({ breaker: 'closed', throttled_until: expect.any(String) })
    const second = String((await exportAdHoc()).body?.['delivery_id'])
    await waitUntil('it is delivered', async () => (await delivery(second))['status'] === 'delivered')
    expect((await delivery(second))['attempts']).toHaveLength(1)
    const [, next] = receiver.requests
    const [throttled] = receiver.requests
    const waitedMs = (next?.receivedAt.getTime() ?? 0) - (throttled?.receivedAt.getTime() ?? 0)
    expect(waitedMs).toBeGreaterThanOrEqual(1_950)
  })
})
