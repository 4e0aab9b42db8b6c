import { createApiKey, createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { callApi, errorCodeOf, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { openStream } from '@ghostpost/test-kit/processes/open-stream'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let stack: Stack
let admin: string

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_RATE_LIMIT_KEY: '300' })
  const { id } = await createUser(stack.database, [4], 'admin')
  admin = await createSessionToken(stack.database, id)
})

afterAll(() => stack.stop())

async function newKey(
  body: Record<string, unknown> = {},
  session = admin,
): Promise<{ id: string; key: string }> {
  const made = await callApi(stack, '/api/api-keys', {
    body: { name: `key ${Math.random()}`, role: 'operator', ...body },
    session,
  })
  expect(made.status).toBe(201)
  const { key, api_key: view } = made.body as { key: string; api_key: { id: string } }
  return { id: view.id, key }
}

const statusWith = async (key: string, api = stack.api): Promise<number> =>
  (await callApi({ ...stack, api }, '/api/webhook', { key })).status

test('a key is shown once, only its digest is stored, and a list names it by its prefix', async () => {
  const { id, key } = await newKey({ name: 'nightly feed', expires_in_days: 30 })
  expect(key).toMatch(/^gp_[0-9A-Za-z]{49}$/)
  const { body, text } = await callApi(stack, '/api/api-keys?siteId=4', { session: admin })
  const items = (body ?? {})['items'] as Record<string, unknown>[]
  expect(items.find((one) => one['id'] === id)).toMatchObject({
    name: 'nightly feed',
    role: 'operator',
    prefix: key.slice(0, 9),
    state: 'live',
    last_used_at: null,
  })
  expect(text).not.toContain(key)
  const { rows } = await stack.database.pool.query('select k::text as row from api_keys k')
  expect(JSON.stringify(rows)).not.toContain(key.slice(12))
  expect(stack.apiProcess.output()).not.toContain(key.slice(12))
})

test('a call with a key exports, and the audit log names the key and its creator', async () => {
  const { id, key } = await newKey({ name: 'exporter' })
  const exported = await callApi(stack, '/api/webhook', { body: exportBody(stack), key })
  expect(exported.status).toBe(200)
  const destination = { name: 'from a key', webhook_type: 'custom', webhook_url: stack.receiver.url }
  expect((await callApi(stack, '/api/destinations', { body: destination, key })).status).toBe(201)
  const log = await callApi(stack, '/api/audit?siteId=4&limit=5', { session: admin })
  const items = (log.body ?? {})['items'] as Record<string, unknown>[]
  for (const action of ['visitor.exported', 'destination.created'])
    expect(items.find((one) => one['action'] === action)).toMatchObject({ api_key: { id, name: 'exporter' } })
  expect(items.find((one) => one['action'] === 'api_key.created')).toMatchObject({
    object_id: id,
    api_key: null,
  })
  await waitUntil('its last use is noted', async () => {
    const { body } = await callApi(stack, '/api/api-keys?siteId=4', { session: admin })
    return ((body ?? {})['items'] as Record<string, unknown>[]).some(
      (one) => one['id'] === id && one['last_used_at'],
    )
  })
})

test('a revoked key stops working in every process within 3 s, streams included', async () => {
  const other = await stack.startApi()
  const { id, key } = await newKey()
  expect(await statusWith(key)).toBe(200)
  expect(await statusWith(key, other.address)).toBe(200)
  const stream = await openStream({ ...stack, api: other.address }, { key })
  const revoked = await callApi(stack, `/api/api-keys/${id}`, { method: 'DELETE', session: admin })
  const revokedAt = performance.now()
  expect(revoked.status).toBe(204)
  expect(await statusWith(key)).toBe(401)
  await waitUntil('the other process knows', async () => (await statusWith(key, other.address)) === 401)
  await stream.ended
  expect(performance.now() - revokedAt).toBeLessThan(3_000)
  const log = await callApi(stack, '/api/audit?siteId=4&limit=1', { session: admin })
  expect(log.body).toMatchObject({ items: [{ action: 'api_key.revoked', object_id: id }] })
  await other.stop()
})

test('a key has the lower one of its own role and the present role of its creator', async () => {
  const { id } = await createUser(stack.database, [4], 'operator')
  const key = await createApiKey(stack.database, id)
  const call = { body: exportBody(stack), headers: { prefer: 'respond-async' }, key }
  expect((await callApi(stack, '/api/webhook', call)).status).toBe(202)
  await stack.database.prisma.membership.updateMany({ where: { userId: id }, data: { role: 'viewer' } })
  await waitUntil(
    'the key may not export',
    async () => (await callApi(stack, '/api/webhook', call)).status === 403,
  )
  await stack.database.prisma.membership.deleteMany({ where: { userId: id } })
  await waitUntil(
    'the key has ended',
    async () => (await callApi(stack, '/api/webhook', call)).status === 401,
  )
})

describe('creating a key is refused', () => {
  const create = async (body: Record<string, unknown>, session = admin): Promise<ApiResponse> =>
    callApi(stack, '/api/api-keys', {
      body: { name: `n ${Math.random()}`, role: 'viewer', ...body },
      session,
    })

  test('with a role above the creator’s', async () => {
    expect(errorCodeOf(await create({ role: 'admin' }, stack.session))).toBe('forbidden')
  })

  test('with the name of a live key', async () => {
    const { id } = await newKey({ name: 'taken' })
    expect(errorCodeOf(await create({ name: 'taken' }))).toBe('api_key_exists')
    await callApi(stack, `/api/api-keys/${id}`, { method: 'DELETE', session: admin })
    expect((await create({ name: 'taken' })).status).toBe(201)
  })

  test.each([
    { name: '' },
    { name: 'two\nlines' },
    { name: 'n'.repeat(81) },
    { role: 'owner' },
    { expires_in_days: 0 },
    { expires_in_days: 731 },
    { expires_in_days: 1.5 },
    { siteId: '4' },
    { scopes: [] },
  ])('with the body %j', async (body) => expect(errorCodeOf(await create(body))).toBe('validation_failed'))

  test('in another site', async () => expect(errorCodeOf(await create({ siteId: 7 }))).toBe('site_not_found'))
})

test('an operator revokes only own keys, an admin all', async () => {
  const own = await newKey({}, stack.session)
  const ofAdmin = await newKey({})
  const revoke = (id: string, session: string): Promise<ApiResponse> =>
    callApi(stack, `/api/api-keys/${id}`, { method: 'DELETE', session })
  expect((await revoke(ofAdmin.id, stack.session)).status).toBe(403)
  expect((await revoke(own.id, stack.session)).status).toBe(204)
  expect((await revoke(ofAdmin.id, admin)).status).toBe(204)
  expect((await revoke(ofAdmin.id, admin)).status).toBe(204)
})

describe('the header', () => {
  const call = async (authorization: string, session: string | null = null): Promise<number> =>
    (await callApi(stack, '/api/webhook', { session, headers: { authorization } })).status

  test('takes the scheme in any case', async () => {
    const { key } = await newKey()
    expect(await call(`bearer ${key}`)).toBe(200)
    expect(await call(`BEARER  ${key}`)).toBe(200)
  })

  test('is refused with a key that is mistyped, cut off or made up', async () => {
    const { key } = await newKey()
    const swapped = key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a')
    for (const one of [
      swapped,
      key.slice(0, -1),
      `${key}a`,
      'gp_',
      `gp_${'a'.repeat(49)}`,
      key.toUpperCase(),
    ])
      expect([one.length, await call(`Bearer ${one}`)]).toEqual([one.length, 401])
  })

  test('with an invalid key is refused beside a valid session, too', async () => {
    expect(await call(`Bearer gp_${'a'.repeat(49)}`, stack.session)).toBe(401)
  })

  test('of another scheme, which a proxy may want, leaves the session as it is', async () => {
    expect(await call('Basic dXNlcjpwYXNz', stack.session)).toBe(200)
    expect(await call('Bearer eyJhbGciOiJub25lIn0.e30.', stack.session)).toBe(200)
    expect(await call('Basic dXNlcjpwYXNz')).toBe(401)
  })
})

test('a key shows its creator, and only its own site', async () => {
  const { id, email } = await createUser(stack.database, [4, 7], 'admin')
  const key = await createApiKey(stack.database, id, { siteId: 7, role: 'viewer' })
  const { body } = await callApi(stack, '/api/session', { key })
  expect(body).toMatchObject({ user: { email }, sites: [{ id: 7, role: 'viewer' }] })
})

test('a key has its own limit on calls, and the session of its creator another', async () => {
  const key = await createApiKey(stack.database, stack.user.id)
  const statuses: number[] = []
  for (let calls = 0; calls < 310; calls += 1) statuses.push(await statusWith(key))
  expect(statuses.filter((status) => status === 200)).toHaveLength(300)
  expect(statuses.at(-1)).toBe(429)
  expect((await callApi(stack, '/api/webhook')).status).toBe(200)
})
