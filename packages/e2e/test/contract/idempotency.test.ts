import { request as httpRequest } from 'node:http'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

beforeEach(() => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
})

afterAll(() => stack.stop())

const keyed = (api: string, key: string, prefer = 'respond-async'): Promise<ApiResponse> =>
  callApi({ ...stack, api }, '/api/webhook', {
    body: exportBody(stack),
    headers: { 'idempotency-key': key, prefer },
  })

const idsOf = (responses: readonly ApiResponse[]): Set<unknown> =>
  new Set(responses.map(({ body }) => body?.['delivery_id']))

test('a hundred identical requests at once, over two API processes, make one delivery', async () => {
  const other = await stack.startApi()
  const responses = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      keyed(index % 2 === 0 ? stack.api : other.address, 'hundred', index % 3 === 0 ? 'wait=5' : undefined),
    ),
  )
  // A refused call has no id, so it would look like a second delivery.
  expect(responses.filter(({ status }) => status !== 200 && status !== 202)).toEqual([])
  expect(idsOf(responses).size).toBe(1)
  await stack.receiver.waitForRequests(1)
  expect(await stack.database.prisma.delivery.count()).toBe(1)
  expect(stack.receiver.requests).toHaveLength(1)
})

describe('a repeat of an export to a saved destination gets the first response', () => {
  let made = 0

  async function newDestination(): Promise<string> {
    made += 1
    const body = { name: `keyed ${made}`, webhook_type: 'custom', webhook_url: stack.receiver.url }
    const { body: created } = await callApi(stack, '/api/destinations', { body })
    return (created as { destination: { id: string } } | null)?.destination.id ?? ''
  }

  async function newVisitor(): Promise<string> {
    made += 1
    const ghostVid = `gv_keyed_${made}`
    await stack.database.pool.query(
      `insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (4, $1, now(), now())`,
      [ghostVid],
    )
    return ghostVid
  }

  const change = (id: string, body: object): Promise<ApiResponse> =>
    callApi(stack, `/api/destinations/${id}`, { method: 'PATCH', body })

  test.each<[string, number, (id: string, vid: string) => Promise<unknown>]>([
    ['its receiver responded that it is gone', 410, async () => {}],
    [
      'another export disabled it',
      200,
      async (id) => {
        stack.receiver.always(respond(410))
        const body = { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: id }
        expect((await callApi(stack, '/api/webhook', { body })).status).toBe(502)
      },
    ],
    ['it was paused', 200, (id) => change(id, { state: 'paused' })],
    [
      'its URL was changed',
      200,
      (id) => change(id, { webhook_url: `${stack.receiver.url.replace('127.0.0.1', 'localhost')}moved` }),
    ],
    ['it was deleted', 200, (id) => callApi(stack, `/api/destinations/${id}`, { method: 'DELETE' })],
    [
      'its secrets cannot be opened',
      200,
      (id) => stack.database.pool.query(`update destinations set sealed = 'x' where id = $1`, [id]),
    ],
    [
      'the visitor was deleted',
      200,
      (_id, vid) => stack.database.pool.query('delete from visitors where ghost_vid = $1', [vid]),
    ],
  ])('although %s', async (_name, status, happen) => {
    const [id, vid] = [await newDestination(), await newVisitor()]
    const call = {
      body: { ghost_vid: vid, destination_id: id },
      headers: { 'idempotency-key': `first ${id}` },
    }
    stack.receiver.always(respond(status))
    const first = await callApi(stack, '/api/webhook', call)
    expect(first.status).toBe(status === 200 ? 200 : 502)
    await happen(id, vid)
    const sent = stack.receiver.requests.length
    const again = await callApi(stack, '/api/webhook', call)
    expect([again.status, again.text]).toEqual([first.status, first.text])
    expect(stack.receiver.requests).toHaveLength(sent)
    const other = { ...call, body: { ...call.body, include_events: false } }
    expect((await callApi(stack, '/api/webhook', other)).body).toMatchObject({
      error: { code: 'idempotency_conflict' },
    })
  })
})

describe('an Idempotency-Key of a request to send a delivery again', () => {
  const exported = async (): Promise<string> => {
    const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
    return String(body?.['delivery_id'])
  }
  const count = (): Promise<number> => stack.database.prisma.delivery.count()

  test.each([
    ['re-export', undefined],
    ['edit', { payload: { edited: true } }],
  ])('makes one delivery of twenty identical requests to %s', async (action, body) => {
    const path = `/api/deliveries/${await exported()}/${action}`
    const before = await count()
    const call = { method: 'POST', ...(body && { body }), headers: { 'idempotency-key': `twenty ${action}` } }
    const responses = await Promise.all(Array.from({ length: 20 }, () => callApi(stack, path, call)))
    expect(new Set(responses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(responses[0]?.status).toBe(202)
    expect(await count()).toBe(before + 1)
    const other = `/api/deliveries/${await exported()}/${action}`
    expect((await callApi(stack, other, call)).body).toMatchObject({
      error: { code: 'idempotency_conflict' },
    })
  })

  test('sends a delivery again once, also after it has arrived', async () => {
    const id = await exported()
    const sent = stack.receiver.requests.length
    const call = { body: { confirm_duplicate: true }, headers: { 'idempotency-key': `again ${id}` } }
    const first = await callApi(stack, `/api/deliveries/${id}/resend`, call)
    expect(first.status).toBe(202)
    await stack.receiver.waitForRequests(sent + 1)
    await waitUntil('it is delivered again', async () => {
      const { body } = await callApi(stack, `/api/deliveries/${id}`)
      return body?.['status'] === 'delivered'
    })
    const again = await callApi(stack, `/api/deliveries/${id}/resend`, call)
    expect([again.status, again.text]).toEqual([first.status, first.text])
    expect(stack.receiver.requests).toHaveLength(sent + 1)
  })

  test('of a refused request is free again', async () => {
    const id = await exported()
    const headers = { 'idempotency-key': `refused ${id}` }
    const path = `/api/deliveries/${id}/resend`
    const refused = await callApi(stack, path, { body: {}, headers })
    expect(refused.body).toMatchObject({ error: { code: 'confirmation_needed' } })
    const confirmed = await callApi(stack, path, { body: { confirm_duplicate: true }, headers })
    expect(confirmed.status).toBe(202)
  })
})

describe('an Idempotency-Key', () => {
  /** Sends one header line per key, which `fetch` would join. */
  async function callWithKeys(path: string, body: object, keys: string[]): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const headers = {
      cookie: `session=${stack.session}`,
      'content-type': 'application/json',
      'idempotency-key': keys,
    }
    httpRequest(new URL(path, stack.api), { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end(JSON.stringify(body))
    return promise
  }

  test('is one header line', async () => {
    const body = exportBody(stack)
    expect(await callWithKeys('/api/webhook', body, ['one'])).toBe(200)
    expect(await callWithKeys('/api/webhook', body, ['two', 'two'])).toBe(400)
    expect(await callWithKeys('/api/webhook', body, ['two', 'three'])).toBe(400)
  })

  test('is refused by every POST that neither honours it nor is idempotent', async () => {
    const { body } = await callApi(stack, '/openapi.json')
    const paths = body?.['paths'] as Record<
      string,
      { post?: { description?: string; parameters?: { name: string }[] } }
    >
    const posts = Object.entries(paths).flatMap(([path, { post }]) => (post ? [{ path, post }] : []))
    const honours = ({ post }: (typeof posts)[number]): boolean =>
      (post.parameters ?? []).some(({ name }) => name === 'idempotency-key')
    const says = ({ post }: (typeof posts)[number], text: string): boolean =>
      post.description?.includes(text) === true
    const refusing = posts.filter((one) => says(one, 'idempotency_key_refused'))
    const idempotent = posts.filter((one) => says(one, 'A repeat has no further effect'))
    expect(posts.filter(honours).map(({ path }) => path)).toEqual([
      '/api/webhook',
      '/api/deliveries/{id}/resend',
      '/api/deliveries/{id}/re-export',
      '/api/deliveries/{id}/edit',
    ])
    expect(posts.length).toBe(posts.filter(honours).length + refusing.length + idempotent.length)
    // Rights are checked before: only who may call a route learns about its key.
    const { id } = await createUser(stack.database, [4], 'admin')
    const session = await createSessionToken(stack.database, id)
    for (const { path } of refusing.filter((one) => !one.path.includes('{'))) {
      const headers = { 'idempotency-key': 'refused' }
      const refused = await callApi(stack, path, { body: {}, headers, session })
      expect([path, refused.status, refused.body?.['error']]).toEqual([
        path,
        400,
        expect.objectContaining({ code: 'idempotency_key_refused' }),
      ])
    }
  })
})

test('a hundred identical requests make one delivery although an API is killed and restarted', async () => {
  const [killedApi, other] = await Promise.all([stack.startApi(), stack.startApi()])
  const apis = [killedApi.address, other.address]
  let responded = 0
  const callUntilAccepted = (index: number): Promise<ApiResponse> =>
    waitUntil('the call is accepted', async () => {
      const response = await keyed(apis[index % 2] ?? '', 'killed').catch(() => null)
      if (response === null || response.status > 202) return null
      responded += 1
      return response
    })
  const responses = Promise.all(Array.from({ length: 100 }, (_, index) => callUntilAccepted(index)))
  await waitUntil('some calls are accepted', () => responded > 0)
  await killedApi.kill()
  apis[0] = (await stack.startApi()).address
  expect(idsOf(await responses).size).toBe(1)
  expect(await stack.database.prisma.idempotencyKey.count({ where: { key: 'killed' } })).toBe(1)
})

test('a key returns the same delivery after all processes were killed and restarted', async () => {
  const first = await keyed(stack.api, 'restart', 'wait=5')
  expect(first.status).toBe(200)
  await Promise.all([stack.apiProcess.kill(), stack.workers[0]?.kill()])
  const [api] = await Promise.all([stack.startApi(), stack.startWorker()])
  const again = await keyed(api.address, 'restart', 'wait=5')
  expect(again.status).toBe(200)
  expect(again.body).toEqual(first.body)
})
