import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Webhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { readQueueContents } from '../stores/queue-contents.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let count = 0
const planted = 'planted-T0B0-secret'

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.0/8' })
})

afterAll(() => stack.stop())

beforeEach(() => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
})

interface Saved {
  id: string
  secret: string
  response: ApiResponse
}

async function save(changes: Record<string, unknown> = {}, session?: string): Promise<Saved> {
  count += 1
  const webhook_url = `${stack.receiver.url}saved/${planted}`
  const body = { name: `destination ${count}`, webhook_type: 'custom', webhook_url, ...changes }
  const response = await callApi(stack, '/api/destinations', { body, ...(session && { session }) })
  const destination = response.body?.['destination'] as { id: string } | undefined
  return { id: destination?.id ?? '', secret: String(response.body?.['signing_secret']), response }
}

function exportTo(
  destination_id: string,
  changes: Record<string, unknown> = {},
  headers = {},
): Promise<ApiResponse> {
  return callApi(stack, '/api/webhook', {
    body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id, ...changes },
    headers,
  })
}

const patch = (id: string, body: object): Promise<ApiResponse> =>
  callApi(stack, `/api/destinations/${id}`, { method: 'PATCH', body })

async function disable(id: string): Promise<void> {
  stack.receiver.next(respond(410))
  expect((await exportTo(id)).status).toBe(502)
}

async function stateOf(response: ApiResponse): Promise<unknown> {
  return (await callApi(stack, `/api/deliveries/${String(response.body?.['delivery_id'])}`)).body?.['status']
}

describe('a saved destination', () => {
  test('is returned without its secrets', async () => {
    const { id, response } = await save({ headers: { authorization: `Bearer ${planted}` } })
    expect(response.status).toBe(201)
    expect(response.headers.get('location')).toBe(`/api/destinations/${id}`)
    const read = await callApi(stack, `/api/destinations/${id}`)
    expect(read.body).toMatchObject({
      id,
      siteId: 4,
      webhook_type: 'custom',
      receiver: `127.0.0.1:${stack.receiver.port}`,
      header_names: ['authorization'],
      signing_secrets: 1,
      retry_schedule: null,
      state: 'enabled',
      state_reason: null,
    })
    const list = await callApi(stack, '/api/destinations?siteId=4')
    expect(list.body?.['items']).toContainEqual(read.body)
    expect(response.text + read.text + list.text).not.toContain(planted)
  })

  test('keeps its secrets encrypted in the database', async () => {
    const { id, secret } = await save({ headers: { 'x-token': planted } })
    const { rows } = await stack.database.pool.query<{ t: string }>(
      'select destinations::text as t from destinations where id = $1',
      [id],
    )
    const stored = Buffer.from(/\\+x([0-9a-f]+)/.exec(rows[0]?.t ?? '')?.[1] ?? '', 'hex').toString('latin1')
    expect(stored.length).toBeGreaterThan(50)
    expect(rows[0]?.t + stored).not.toContain(planted)
    expect(rows[0]?.t + stored).not.toContain(secret)
  })

  test('receives exports with its headers and a signature its secret verifies', async () => {
    const { id, secret } = await save({ headers: { 'x-api-key': 'k-1' } })
    const exported = await exportTo(id)
    expect(exported.status).toBe(200)
    expect(exported.body).toMatchObject({ success: true, webhook_type: 'custom' })
    const [request] = stack.receiver.requests
    expect(request?.headers['x-api-key']).toBe('k-1')
    const headers = request?.headers as Record<string, string>
    expect(new Webhook(secret).verify(request?.body ?? '', headers)).toMatchObject({
      ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
    })
    const read = await callApi(stack, `/api/deliveries/${String(exported.body?.['delivery_id'])}`)
    const receiver = `http://127.0.0.1:${stack.receiver.port}/…`
    expect(read.body).toMatchObject({ destination_id: id, sample: false, receiver })
    expect(read.text).not.toContain(planted)
  })

  test('signs every attempt separately under one id', async () => {
    const { id, secret } = await save()
    stack.receiver.next(respond(503))
    await exportTo(id)
    const requests = await stack.receiver.waitForRequests(2)
    for (const request of requests) {
      const headers = request.headers as Record<string, string>
      expect(new Webhook(secret).verify(request.body, headers)).toBeTruthy()
      expect(() => new SvixWebhook(secret).verify(request.body, headers)).not.toThrow()
    }
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  test('signs with the old and the new secret during a rotation', async () => {
    const { id, secret } = await save()
    const rotated = await callApi(stack, `/api/destinations/${id}/signing-secret`, { method: 'POST' })
    expect(rotated.body).toMatchObject({ destination: { signing_secrets: 2 } })
    await exportTo(id)
    const [request] = stack.receiver.requests
    for (const one of [secret, String(rotated.body?.['signing_secret'])]) {
      expect(
        new Webhook(one).verify(request?.body ?? '', request?.headers as Record<string, string>),
      ).toBeTruthy()
    }
  })

  test('loses no concurrent change', async () => {
    const { id, secret } = await save()
    const [moved, headed, ...rotated] = await Promise.all([
      patch(id, { webhook_url: `${stack.receiver.url}moved` }),
      patch(id, { headers: { 'x-api-key': 'k-2' } }),
      ...Array.from({ length: 3 }, () =>
        callApi(stack, `/api/destinations/${id}/signing-secret`, { method: 'POST' }),
      ),
    ])
    expect([moved, headed, ...rotated].map((one) => one?.status)).toEqual([200, 200, 200, 200, 200])
    await exportTo(id)
    const [request] = stack.receiver.requests
    expect(request).toMatchObject({ path: '/moved', headers: { 'x-api-key': 'k-2' } })
    for (const one of [secret, ...rotated.map((response) => String(response.body?.['signing_secret']))])
      expect(
        new Webhook(one).verify(request?.body ?? '', request?.headers as Record<string, string>),
      ).toBeTruthy()
  })

  test('of another type is not signed', async () => {
    const { id, response } = await save({ webhook_type: 'slack' })
    expect(response.body).toMatchObject({ signing_secret: null, destination: { signing_secrets: 0 } })
    await exportTo(id)
    expect(stack.receiver.requests[0]?.headers).not.toHaveProperty('webhook-signature')
  })

  test('is tested with a marked sample on the path of an export', async () => {
    const { id, secret } = await save()
    const tested = await callApi(stack, `/api/destinations/${id}/test`, { method: 'POST' })
    expect(tested.status).toBe(200)
    expect(tested.body).toMatchObject({
      delivery: { status: 'delivered', sample: true, destination_id: id },
      attempt: { number: 1, outcome: 'answered', response_status: 200 },
    })
    const [request] = stack.receiver.requests
    expect(
      new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>),
    ).toMatchObject({
      ghost_vid: 'gv_sample_ghostpost_test',
    })
  })

  test('sends its waiting deliveries to its new URL', async () => {
    const { id } = await save({ retry_schedule: '0s 700ms' })
    stack.receiver.next(respond(503))
    const exported = await exportTo(id)
    expect(exported.status).toBe(202)
    expect((await patch(id, { webhook_url: `${stack.receiver.url}moved` })).status).toBe(200)
    await waitUntil('it is delivered', async () => (await stateOf(exported)) === 'delivered')
    expect(stack.receiver.requests.map(({ path }) => path)).toEqual([`/saved/${planted}`, '/moved'])
  })

  test('that moves to another origin takes no header and no signing secret with it', async () => {
    const other = await startReceiver({ port: stack.receiver.port, address: '127.0.0.2' })
    const { id } = await save({ headers: { 'x-api-key': planted, authorization: `Bearer ${planted}` } })
    const moved = await patch(id, { webhook_url: `${other.url}mine` })
    expect(moved.body).toMatchObject({ header_names: [], signing_secrets: 0 })
    expect((await exportTo(id)).status).toBe(200)
    expect(JSON.stringify(other.requests)).not.toContain(planted)
    expect(other.requests[0]?.headers).not.toHaveProperty('webhook-signature')
    const given = await patch(id, { webhook_url: stack.receiver.url, headers: { 'x-own': 'value' } })
    expect(given.body).toMatchObject({ header_names: ['x-own'] })
    await other.stop()
  })

  test('that moves keeps its secrets only if an admin says so, and the audit log says so too', async () => {
    const other = await startReceiver({ port: stack.receiver.port, address: '127.0.0.2' })
    const { id } = await save({ headers: { 'x-api-key': planted } })
    const changes = { webhook_url: other.url, keep_secrets: true }
    const refused = await patch(id, changes)
    expect([refused.status, refused.body]).toMatchObject([403, { error: { code: 'forbidden' } }])
    const admin = await createUser(stack.database, [4], 'admin')
    const session = await createSessionToken(stack.database, admin.id)
    const kept = await callApi(stack, `/api/destinations/${id}`, { method: 'PATCH', body: changes, session })
    expect(kept.body).toMatchObject({ header_names: ['x-api-key'], signing_secrets: 1 })
    expect((await exportTo(id)).status).toBe(200)
    expect(other.requests[0]?.headers['x-api-key']).toBe(planted)
    const { rows } = await stack.database.pool.query<{ details: object }>(
      "select details from audit_log where object_id = $1 and action = 'destination.updated'",
      [id],
    )
    expect(rows.map(({ details }) => details)).toMatchObject([{ kept_secrets: 'by an admin' }])
    await other.stop()
  })

  test('whose secrets cannot be opened is listed with the reason, and harms no other', async () => {
    const [broken, healthy] = [await save({ headers: { 'x-api-key': planted } }), await save()]
    await stack.database.pool.query('update destinations set sealed = $2 where id = $1', [
      broken.id,
      Buffer.from([1, 2, 107, 57, ...Array.from({ length: 60 }, () => 7)]),
    ])
    const { body } = await callApi(stack, '/api/destinations?siteId=4')
    const items = (body as unknown as { items: { id: string; unreadable: string | null }[] }).items
    const reasonOf = (id: string) => items.find((one) => one.id === id)?.unreadable
    expect(reasonOf(broken.id)).toContain('the key k9')
    expect(reasonOf(healthy.id)).toBeNull()
    expect((await exportTo(healthy.id)).status).toBe(200)
    for (const call of [
      exportTo(broken.id),
      callApi(stack, `/api/destinations/${broken.id}/test`, { method: 'POST' }),
      callApi(stack, `/api/destinations/${broken.id}/signing-secret`, { method: 'POST' }),
      patch(broken.id, { headers: {} }),
    ])
      expect(await call).toMatchObject({ status: 409, body: { error: { code: 'secrets_unreadable' } } })
    expect((await patch(broken.id, { state: 'paused' })).status).toBe(200)
    const repaired = await patch(broken.id, { webhook_url: stack.receiver.url, state: 'enabled' })
    expect(repaired.body).toMatchObject({ unreadable: null, header_names: [] })
    expect((await exportTo(broken.id)).status).toBe(200)
  })

  test('whose receiver repeats the request shows and stores none of its secrets', async () => {
    const { id } = await save({ headers: { 'x-api-key': `key-${planted}` } })
    stack.receiver.next((request, response) => {
      response.writeHead(404, {
        location: `http://other.example${request.url}`,
        'x-echo': String(request.headers['x-api-key']),
      })
      response.end(`Cannot POST ${request.url}; ${JSON.stringify(request.headers)}`)
    })
    const exported = await exportTo(id)
    const { text } = await callApi(stack, `/api/deliveries/${String(exported.body?.['delivery_id'])}`)
    expect(text).toContain('Cannot POST •••')
    const { rows } = await stack.database.pool.query<{ stored: string }>(
      'select a::text as stored from attempts a',
    )
    for (const shown of [text, exported.text, ...rows.map(({ stored }) => stored)])
      expect(shown).not.toContain(planted)
  })

  test('that is paused delays deliveries without spending an attempt', async () => {
    const { id } = await save()
    expect((await patch(id, { state: 'paused', state_reason: 'maintenance' })).body).toMatchObject({
      state: 'paused',
      state_reason: 'maintenance',
    })
    const exported = await exportTo(id, {}, { prefer: 'wait=1' })
    expect(exported.body).toMatchObject({ status: 'queued', attempts: 0 })
    expect(stack.receiver.requests).toHaveLength(0)
    await patch(id, { state: 'enabled' })
    await waitUntil('it is delivered', async () => (await stateOf(exported)) === 'delivered', 30_000)
    expect(stack.receiver.requests).toHaveLength(1)
  }, 60_000)

  test('whose receiver responds 410 is disabled with the reason and accepts no export', async () => {
    const { id } = await save()
    stack.receiver.always(respond(410))
    expect((await exportTo(id)).status).toBe(502)
    const read = await callApi(stack, `/api/destinations/${id}`)
    expect(read.body).toMatchObject({ state: 'disabled', state_reason: expect.any(String) })
    const refused = await exportTo(id)
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ error: { code: 'destination_disabled' } })
    expect((await patch(id, { state: 'enabled' })).body).toMatchObject({
      state: 'enabled',
      state_reason: null,
    })
  })

  test.each(['paused', 'disabled'])(
    'that is %s is not tested, and no sample is left waiting',
    async (state) => {
      const { id } = await save()
      if (state === 'paused') await patch(id, { state })
      else await disable(id)
      const before = stack.receiver.requests.length
      const tested = await callApi(stack, `/api/destinations/${id}/test`, { method: 'POST' })
      expect(tested.status).toBe(409)
      expect(tested.body).toMatchObject({
        error: { code: 'destination_disabled', message: expect.stringContaining(state) },
      })
      const where = { destinationId: id, sample: true }
      expect(await stack.database.prisma.delivery.count({ where })).toBe(0)
      expect(stack.receiver.requests).toHaveLength(before)
    },
  )

  test('can get another name and another or no retry schedule', async () => {
    const { id, response } = await save()
    expect((await patch(id, { name: `${id} renamed` })).body).toMatchObject({ name: `${id} renamed` })
    const scheduled = await patch(id, { retry_schedule: '0s 5m' })
    expect(scheduled.body).toMatchObject({ name: `${id} renamed`, retry_schedule: '0s 5m' })
    const plain = await patch(id, { retry_schedule: null })
    expect([plain.status, plain.body?.['retry_schedule']]).toEqual([200, null])
    const first = response.body?.['destination'] as object
    const { body } = await callApi(stack, `/api/destinations/${id}`)
    expect(body).toMatchObject({ ...first, name: `${id} renamed`, updated_at: expect.any(String) })
  })

  test('of Discord that was deleted there is disabled, and the webhook called no more', async () => {
    const gone = respond(404, { body: '{"message":"Unknown Webhook","code":10015}' })
    const { id } = await save({ webhook_type: 'discord' })
    stack.receiver.always(gone)
    expect((await exportTo(id)).status).toBe(502)
    expect((await callApi(stack, `/api/destinations/${id}`)).body).toMatchObject({ state: 'disabled' })
    expect((await exportTo(id)).status).toBe(409)
    expect(stack.receiver.requests).toHaveLength(1)
  })

  test('that is deleted leaves dead letters with that cause', async () => {
    const { id } = await save({ retry_schedule: '0s 1s 1s' })
    stack.receiver.always(respond(503))
    const exported = await exportTo(id)
    expect((await callApi(stack, `/api/destinations/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await callApi(stack, `/api/destinations/${id}`)).status).toBe(404)
    await waitUntil('the delivery has failed', async () => (await stateOf(exported)) === 'failed')
    const { body } = await callApi(stack, `/api/deliveries/${String(exported.body?.['delivery_id'])}`)
    expect(body).toMatchObject({ last_error: { code: 'destination_gone' } })
  })
})

describe('refused', () => {
  test.each([
    [{ webhook_url: 'ftp://x' }, 'webhook_url'],
    [{ webhook_type: 'teams' }, 'webhook_type'],
    [{ name: '' }, 'name'],
    [{ headers: { 'x-a': 'a\r\nb: c' } }, 'headers'],
    [{ headers: { host: 'x' } }, 'headers'],
    [{ headers: { 'X-Api-Key': 'a', 'x-api-key': 'b' } }, 'headers'],
    [{ headers: { Authorization: 'a', authorization: 'b' } }, 'headers'],
    [{ retry_schedule: 'soon' }, 'retry_schedule'],
    [{ extra: 1 }, 'extra'],
  ])('%j', async (changes, field) => {
    const { response } = await save(changes)
    expect(response.status).toBe(400)
    expect(response.body).toMatchObject({ error: { code: 'validation_failed', details: [{ field }] } })
  })

  test('a second destination of the same name', async () => {
    await save({ name: 'taken' })
    const { response } = await save({ name: 'taken' })
    expect(response.status).toBe(409)
    expect(response.body).toMatchObject({ error: { code: 'destination_exists' } })
  })

  test('an export with both a URL and a destination, or with neither', async () => {
    const { id } = await save()
    expect((await exportTo(id, { webhook_url: stack.receiver.url })).status).toBe(400)
    expect((await exportTo(id, { webhook_type: 'custom' })).status).toBe(400)
    expect(
      (await callApi(stack, '/api/webhook', { body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8' } })).status,
    ).toBe(400)
  })

  test('a member of another site: every route responds as if it did not exist', async () => {
    const { id } = await save()
    const session = await createSessionToken(stack.database, (await createUser(stack.database, [7])).id)
    const calls = [
      callApi(stack, `/api/destinations/${id}`, { session }),
      callApi(stack, `/api/destinations/${id}`, { session, method: 'PATCH', body: { name: 'mine' } }),
      callApi(stack, `/api/destinations/${id}`, { session, method: 'DELETE' }),
      callApi(stack, `/api/destinations/${id}/test`, { session, method: 'POST' }),
      callApi(stack, `/api/destinations/${id}/signing-secret`, { session, method: 'POST' }),
      callApi(stack, '/api/destinations?siteId=4', { session }),
      callApi(stack, '/api/webhook', {
        session,
        body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: id, siteId: 7 },
      }),
    ]
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([
      404, 404, 404, 404, 404, 404, 404,
    ])
    expect((await save({}, session)).response.status).toBe(404)
    expect(stack.receiver.requests).toHaveLength(0)
  })

  test('a change by a viewer', async () => {
    const { id } = await save()
    const viewer = await createUser(stack.database, [4])
    await stack.database.prisma.membership.updateMany({
      where: { userId: viewer.id },
      data: { role: 'viewer' },
    })
    const session = await createSessionToken(stack.database, viewer.id)
    expect((await callApi(stack, `/api/destinations/${id}`, { session })).status).toBe(200)
    for (const call of [{ method: 'PATCH', body: { name: 'x' } }, { method: 'DELETE' }]) {
      expect((await callApi(stack, `/api/destinations/${id}`, { session, ...call })).status).toBe(403)
    }
    expect((await callApi(stack, `/api/destinations/${id}/test`, { session, method: 'POST' })).status).toBe(
      403,
    )
    expect((await save({}, session)).response.body).toMatchObject({ error: { code: 'forbidden' } })
  })

  test('saving a destination without a configured key', async () => {
    const api = await stack.startApi({ GHOSTPOST_SECRET_KEYS: '', GHOSTPOST_SEAL_URLS: 'false' })
    const body = { name: 'keyless', webhook_type: 'custom', webhook_url: stack.receiver.url }
    const response = await callApi({ ...stack, api: api.address }, '/api/destinations', { body })
    expect(response.status).toBe(501)
    expect(response.body).toMatchObject({ error: { code: 'secrets_not_configured' } })
  })
})

test('no secret of a destination is in a log or in the queue', async () => {
  const texts = [
    stack.apiProcess.output(),
    stack.workers[0]?.output() ?? '',
    await readQueueContents(stack.queue),
  ]
  for (const text of texts) expect(text).not.toContain(planted)
})
