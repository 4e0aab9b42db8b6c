import { randomUUID } from 'node:crypto'
import { routes } from '@ghostpost/api/routes'
import { isAtLeast, parseRole, roles, type Role } from '@ghostpost/delivery/accounts'
import { createApiKey, createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody, type ApiCall } from '@ghostpost/test-kit/processes/call-api'
import { readDocument, type ApiDocument } from '../contract/documented-responses.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

type Route = (typeof routes)[number]

/** A call for which a caller with enough rights gets `status`. Each call creates its own objects. */
interface Row {
  path: string
  call?: ApiCall
  status: number
}

const callers = [
  'no session',
  'an expired session',
  ...roles,
  'a member of a foreign site',
  'the key of a viewer, made by an admin',
  'the key of an operator',
  'the key of an admin of every site',
  'a key of a foreign site',
  'an expired key',
  'a key with the session of its creator',
  'a key with the session of another user',
] as const
type Caller = (typeof callers)[number]

interface Credentials {
  session: string | null
  key?: string
}

let stack: Stack
let documented: ApiDocument
const credentials = new Map<Caller, Credentials>()
/** The role that a key has in site 4. */
const roleOfKey = new Map<Caller, Role>([
  ['the key of a viewer, made by an admin', 'viewer'],
  ['the key of an operator', 'operator'],
  ['the key of an admin of every site', 'admin'],
  ['a key with the session of its creator', 'operator'],
])
const refused: ReadonlySet<Caller> = new Set<Caller>([
  'no session',
  'an expired session',
  'an expired key',
  'a key with the session of another user',
])

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_SIGN_IN_MAX: '1000' })
  documented = await readDocument(stack)
  const { database } = stack
  const expired = await createSessionToken(database, stack.user.id, 'expired')
  credentials.set('no session', { session: null })
  credentials.set('an expired session', { session: expired })
  // An admin of every site, because some routes require that.
  for (const role of roles) credentials.set(role, await memberOf(role === 'admin' ? [4, 7] : [4], role))
  credentials.set('a member of a foreign site', await memberOf([7], 'admin'))
  await makeKeys()
})

afterAll(() => stack.stop())

async function memberOf(sites: number[], role: Role): Promise<Credentials> {
  const { id } = await createUser(stack.database, sites, role)
  return { session: await createSessionToken(stack.database, id) }
}

async function makeKeys(): Promise<void> {
  const { database, user, session } = stack
  const admin = await createUser(database, [4, 7], 'admin')
  const keyOf = (role: Role, siteId = 4): Promise<string> =>
    createApiKey(database, admin.id, { siteId, role })
  const own = await createApiKey(database, user.id)
  const { session: other } = await memberOf([4], 'operator')
  credentials.set('the key of a viewer, made by an admin', { session: null, key: await keyOf('viewer') })
  credentials.set('the key of an operator', { session: null, key: own })
  credentials.set('the key of an admin of every site', { session: null, key: await keyOf('admin') })
  credentials.set('a key of a foreign site', { session: null, key: await keyOf('admin', 7) })
  const ended = await createApiKey(database, user.id, {}, 'expired')
  credentials.set('an expired key', { session: null, key: ended })
  credentials.set('a key with the session of its creator', { session, key: own })
  credentials.set('a key with the session of another user', { session: other, key: own })
}

/** Path of the receiver for the current test, so that deliveries of earlier tests do not count. */
let hook = ''

function receiverUrl(): string {
  return `${stack.receiver.url}${hook}`
}

function exportHere(): Record<string, unknown> {
  return exportBody(stack, { webhook_url: receiverUrl() })
}

function received(): number {
  return stack.receiver.requests.filter(({ path }) => path === `/${hook}`).length
}

async function newDestination(): Promise<string> {
  const body = { name: randomUUID(), webhook_type: 'custom', webhook_url: receiverUrl() }
  const { body: response } = await callApi(stack, '/api/destinations', { body })
  return ((response ?? {})['destination'] as { id: string }).id
}

async function newAlertRule(): Promise<string> {
  // A site has a bounded number of rules, and this table many callers.
  await stack.database.prisma.alertRule.deleteMany()
  const notify = { destination_id: await newDestination() }
  const body = { name: randomUUID(), kind: 'queue_age', notify }
  return String((await callApi(stack, '/api/alert-rules', { body })).body?.['id'])
}

async function newDelivery(): Promise<string> {
  const { body } = await callApi(stack, '/api/webhook', { body: exportHere() })
  return String(body?.['delivery_id'])
}

/** With status `failed` the delivery can be resent. */
async function newDeliveryThat(status: 'waits' | 'failed'): Promise<string> {
  const id = await newDelivery()
  const state = status === 'failed' ? 'failed' : 'retrying'
  const nextAttemptAt = new Date(Date.now() + 3_600_000)
  await stack.database.prisma.delivery.update({
    where: { id },
    data: { state, lastCause: 'http_status_400', deliveredAt: null, nextAttemptAt },
  })
  return id
}

async function newFailure(): Promise<string> {
  const id = await newDeliveryThat('failed')
  const { rows } = await stack.database.pool.query<{ failure: string }>(
    'select failure from deliveries where id = $1',
    [id],
  )
  return rows[0]?.failure ?? ''
}

/** An operator of site 4 only. */
async function newAccount(): Promise<string> {
  return (await createUser(stack.database, [4])).id
}

async function newPlan(): Promise<string> {
  const body = { kind: 'resend', delivery_ids: [await newDeliveryThat('failed')] }
  const planned = await callApi(stack, '/api/operations/plan', { body })
  const { operation } = planned.body as { operation: { operation_id: string } }
  return operation.operation_id
}

async function newOperation(state: 'running' | 'paused'): Promise<string> {
  const id = await newPlan()
  await stack.database.prisma.operation.update({
    where: { id },
    data: { state, startedAt: new Date(), fedAt: new Date(Date.now() + 3_600_000) },
  })
  return id
}

/** One row per route. The row for signing out creates another session of the caller, because it ends the session. */
const rows: Record<string, (own: string | null) => Row | Promise<Row>> = {
  'GET /api/webhook': () => ({ path: '/api/webhook', status: 200 }),
  'POST /api/webhook': () => ({ path: '/api/webhook', call: { body: exportHere() }, status: 200 }),
  'GET /api/deliveries/:id': async () => ({ path: `/api/deliveries/${await newDelivery()}`, status: 200 }),
  'GET /api/deliveries': () => ({ path: '/api/deliveries?siteId=4', status: 200 }),
  'GET /api/deliveries/count': () => ({ path: '/api/deliveries/count?siteId=4', status: 200 }),
  'GET /api/deliveries/export': () => ({ path: '/api/deliveries/export?siteId=4', status: 200 }),
  'GET /api/deliveries/:id/explain': async () => ({
    path: `/api/deliveries/${await newDelivery()}/explain`,
    status: 200,
  }),
  'POST /api/deliveries/:id/resend': async () => ({
    path: `/api/deliveries/${await newDeliveryThat('failed')}/resend`,
    call: { body: {} },
    status: 202,
  }),
  'POST /api/deliveries/:id/re-export': async () => ({
    path: `/api/deliveries/${await newDelivery()}/re-export`,
    status: 202,
  }),
  'POST /api/deliveries/:id/edit': async () => ({
    path: `/api/deliveries/${await newDelivery()}/edit`,
    call: { body: { payload: { a: 1 } } },
    status: 202,
  }),
  'POST /api/deliveries/:id/cancel': async () => ({
    path: `/api/deliveries/${await newDeliveryThat('waits')}/cancel`,
    status: 200,
  }),
  'POST /api/deliveries/:id/close-breaker': async () => ({
    path: `/api/deliveries/${await newDelivery()}/close-breaker`,
    status: 200,
  }),
  'GET /api/failures': () => ({ path: '/api/failures?siteId=4', status: 200 }),
  'GET /api/failures/:fingerprint': async () => ({
    path: `/api/failures/${await newFailure()}?siteId=4`,
    status: 200,
  }),
  'PATCH /api/failures/:fingerprint': async () => ({
    path: `/api/failures/${await newFailure()}?siteId=4`,
    call: { body: { state: 'acknowledged' } },
    status: 200,
  }),
  'POST /api/operations/plan': async () => ({
    path: '/api/operations/plan',
    call: { body: { kind: 're_export', delivery_ids: [await newDelivery()] } },
    status: 201,
  }),
  'POST /api/operations': async () => ({
    path: '/api/operations',
    call: { body: { operation_id: await newPlan() } },
    status: 202,
  }),
  'GET /api/operations': () => ({ path: '/api/operations?siteId=4', status: 200 }),
  'GET /api/operations/:id': async () => ({ path: `/api/operations/${await newPlan()}`, status: 200 }),
  'GET /api/operations/:id/items': async () => ({
    path: `/api/operations/${await newPlan()}/items`,
    status: 200,
  }),
  'GET /api/operations/:id/items/export': async () => ({
    path: `/api/operations/${await newPlan()}/items/export`,
    status: 200,
  }),
  'POST /api/operations/:id/pause': async () => ({
    path: `/api/operations/${await newOperation('running')}/pause`,
    call: { body: {} },
    status: 200,
  }),
  'POST /api/operations/:id/resume': async () => ({
    path: `/api/operations/${await newOperation('paused')}/resume`,
    status: 200,
  }),
  'POST /api/operations/:id/cancel': async () => ({
    path: `/api/operations/${await newOperation('paused')}/cancel`,
    status: 200,
  }),
  'GET /api/stats': () => ({ path: '/api/stats?siteId=4', status: 200 }),
  'GET /api/stats/destinations': () => ({ path: '/api/stats/destinations?siteId=4', status: 200 }),
  'GET /api/destinations': () => ({ path: '/api/destinations?siteId=4', status: 200 }),
  'POST /api/destinations': () => ({
    path: '/api/destinations',
    call: { body: { name: randomUUID(), webhook_type: 'custom', webhook_url: receiverUrl() } },
    status: 201,
  }),
  'GET /api/destinations/:id': async () => ({
    path: `/api/destinations/${await newDestination()}`,
    status: 200,
  }),
  'GET /api/destinations/:id/health': async () => ({
    path: `/api/destinations/${await newDestination()}/health`,
    status: 200,
  }),
  'GET /api/receivers/:host': () => ({ path: '/api/receivers/example.com?siteId=4', status: 200 }),
  'PATCH /api/destinations/:id': async () => ({
    path: `/api/destinations/${await newDestination()}`,
    call: { body: { state: 'paused' } },
    status: 200,
  }),
  'DELETE /api/destinations/:id': async () => ({
    path: `/api/destinations/${await newDestination()}`,
    status: 204,
  }),
  'POST /api/destinations/:id/test': async () => ({
    path: `/api/destinations/${await newDestination()}/test`,
    status: 200,
  }),
  'POST /api/destinations/:id/preview': async () => ({
    path: `/api/destinations/${await newDestination()}/preview`,
    call: { body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8' } },
    status: 200,
  }),
  'POST /api/destinations/:id/close-breaker': async () => ({
    path: `/api/destinations/${await newDestination()}/close-breaker`,
    status: 200,
  }),
  'POST /api/destinations/:id/signing-secret': async () => ({
    path: `/api/destinations/${await newDestination()}/signing-secret`,
    status: 200,
  }),
  'GET /api/visitors': () => ({ path: '/api/visitors?siteId=4', status: 200 }),
  'POST /api/visitors/batch': () => ({ path: '/api/visitors/batch', call: { body: [] }, status: 200 }),
  'POST /v1/batch': () => ({ path: '/v1/batch?siteId=4', call: { body: { batch: [] } }, status: 200 }),
  'POST /v1/identify': () => ({
    path: '/v1/identify?siteId=4',
    call: { body: { userId: 'u' } },
    status: 200,
  }),
  'POST /v1/track': () => ({
    path: '/v1/track?siteId=4',
    call: { body: { userId: 'u', event: 'Signed Up' } },
    status: 200,
  }),
  'POST /v1/page': () => ({ path: '/v1/page?siteId=4', call: { body: { userId: 'u' } }, status: 200 }),
  'GET /api/visitors/:ghost_vid': () => ({ path: '/api/visitors/gv_a1b2c3d4_e5f6g7h8', status: 200 }),
  'PUT /api/visitors/:ghost_vid': () => ({
    path: '/api/visitors/gv_put',
    call: { body: { last_seen: '2026-03-10T17:14:22Z' } },
    status: 200,
  }),
  'POST /api/visitors/:ghost_vid/erase': () => ({
    path: '/api/visitors/gv_nobody/erase?siteId=4',
    status: 200,
  }),
  // Nobody of that id is suppressed: who may ask is told so.
  'DELETE /api/visitors/:ghost_vid/suppression': () => ({
    path: '/api/visitors/gv_not_erased/suppression',
    status: 404,
  }),
  // The destination is of type custom, so a caller with enough rights gets 400.
  'POST /api/destinations/:id/hubspot-properties': async () => ({
    path: `/api/destinations/${await newDestination()}/hubspot-properties`,
    status: 400,
  }),
  'GET /api/system': () => ({ path: '/api/system', status: 200 }),
  'POST /api/system/lanes/:lane/pause': () => ({
    path: '/api/system/lanes/bulk/pause',
    call: { body: { reason: 'a test' } },
    status: 200,
  }),
  'POST /api/system/lanes/:lane/resume': async () => {
    await stack.database.pool.query(
      `insert into lane_pauses (lane, reason, paused_by) values ('bulk', 'a test', $1) on conflict do nothing`,
      [stack.user.id],
    )
    return { path: '/api/system/lanes/bulk/resume', status: 200 }
  },
  'GET /api/alert-rules': () => ({ path: '/api/alert-rules?siteId=4', status: 200 }),
  'POST /api/alert-rules': async () => ({
    path: '/api/alert-rules',
    call: {
      body: {
        name: randomUUID(),
        kind: 'queue_age',
        notify: { destination_id: await newDestination() },
        enabled: false,
      },
    },
    status: 201,
  }),
  'GET /api/alert-rules/:id': async () => ({ path: `/api/alert-rules/${await newAlertRule()}`, status: 200 }),
  'PATCH /api/alert-rules/:id': async () => ({
    path: `/api/alert-rules/${await newAlertRule()}`,
    call: { body: { enabled: false } },
    status: 200,
  }),
  'DELETE /api/alert-rules/:id': async () => ({
    path: `/api/alert-rules/${await newAlertRule()}`,
    status: 204,
  }),
  'POST /api/alert-rules/:id/test': async () => ({
    path: `/api/alert-rules/${await newAlertRule()}/test`,
    status: 200,
  }),
  'GET /api/stream': () => ({ path: '/api/stream?siteId=4', status: 200 }),
  'GET /api/audit': () => ({ path: '/api/audit?siteId=4', status: 200 }),
  'GET /api/api-keys': () => ({ path: '/api/api-keys?siteId=4', status: 200 }),
  'POST /api/api-keys': () => ({
    path: '/api/api-keys',
    call: { body: { name: randomUUID(), role: 'viewer' } },
    status: 201,
  }),
  // There is none of that id: who may ask is told so.
  'DELETE /api/api-keys/:id': () => ({ path: `/api/api-keys/${randomUUID()}`, status: 404 }),
  'GET /api/accounts': () => ({ path: '/api/accounts?siteId=4', status: 200 }),
  'POST /api/accounts': () => ({
    path: '/api/accounts',
    call: { body: { email: `${randomUUID()}@example.test`, role: 'viewer' } },
    status: 201,
  }),
  'PATCH /api/accounts/:id': async () => ({
    path: `/api/accounts/${await newAccount()}`,
    call: { body: { role: 'viewer' } },
    status: 200,
  }),
  'DELETE /api/accounts/:id': async () => ({
    path: `/api/accounts/${await newAccount()}?siteId=4`,
    status: 204,
  }),
  'POST /api/accounts/:id/disable': async () => ({
    path: `/api/accounts/${await newAccount()}/disable?siteId=4`,
    status: 200,
  }),
  'POST /api/accounts/:id/enable': async () => ({
    path: `/api/accounts/${await newAccount()}/enable?siteId=4`,
    status: 200,
  }),
  'POST /api/accounts/:id/link': async () => ({
    path: `/api/accounts/${await newAccount()}/link?siteId=4`,
    status: 201,
  }),
  // Who has no link gets no further.
  'POST /api/account-links/read': () => ({
    path: '/api/account-links/read',
    call: { body: { token: 'guessed' } },
    status: 404,
  }),
  'POST /api/account-links/use': () => ({
    path: '/api/account-links/use',
    call: { body: { token: 'guessed', password: 'a long pass phrase' } },
    status: 404,
  }),
  // This installation has accounts.
  'POST /api/setup': () => ({
    path: '/api/setup',
    call: {
      body: {
        token: 'guessed',
        email: 'first@example.test',
        name: 'First',
        password: 'a long pass phrase',
        site_name: 'Shop',
      },
    },
    status: 409,
  }),
  'GET /api/sign-in': () => ({ path: '/api/sign-in', status: 200 }),
  // This installation has no issuer.
  'GET /api/oidc/start': () => ({ path: '/api/oidc/start', status: 404 }),
  'GET /api/oidc/callback': () => ({ path: '/api/oidc/callback', status: 404 }),
  'POST /api/session': () => ({
    path: '/api/session',
    call: { body: { email: stack.user.email, password: stack.user.password }, session: null },
    status: 200,
  }),
  'GET /api/session': () => ({ path: '/api/session', status: 200 }),
  'DELETE /api/session': async (own) => ({
    path: '/api/session',
    call: { session: own && (await anotherSession(own)) },
    status: 204,
  }),
  'GET /api/sessions': () => ({ path: '/api/sessions', status: 200 }),
  'DELETE /api/sessions': async (own) => ({
    path: '/api/sessions',
    call: { session: own && (await sessionOfOther(own)) },
    status: 204,
  }),
  // There is none of that id: who may ask is told so.
  'DELETE /api/sessions/:id': () => ({ path: `/api/sessions/${randomUUID()}`, status: 404 }),
  // The session may ask, and does not know the password.
  'PUT /api/account/password': async (own) => ({
    path: '/api/account/password',
    call: {
      session: own && (await sessionOfOther(own)),
      body: { current_password: 'not the password', new_password: 'a new long password' },
    },
    status: 403,
  }),
  'GET /healthz': () => ({ path: '/healthz', status: 200 }),
  'GET /readyz': () => ({ path: '/readyz', status: 200 }),
}

/** A session of a new user, in the same state: the sessions of the others have to stay. */
async function sessionOfOther(token: string): Promise<string> {
  const { status } = await callApi(stack, '/api/session', { session: token })
  const { id } = await createUser(stack.database, [4])
  return createSessionToken(stack.database, id, status === 200 ? 'live' : 'expired')
}

/** Another session of the same user, in the same state. */
async function anotherSession(token: string): Promise<string> {
  const response = await callApi(stack, '/api/session', { session: token })
  const { id } = (response.body?.['user'] ?? { id: stack.user.id }) as { id: string }
  return createSessionToken(stack.database, id, response.status === 200 ? 'live' : 'expired')
}

const nameOf = ({ method, url }: Route): string => `${String(method)} ${url}`

function expectedOf({ access, refusesKeys }: Route, caller: Caller, granted: number): number {
  if (access === 'public') return granted
  if (refused.has(caller)) return 401
  if (refusesKeys && credentials.get(caller)?.key) return 403
  if (access === 'session') return granted
  if (access === 'installation') return caller === 'admin' ? granted : 403
  const role = roleOfKey.get(caller) ?? parseRole(caller)
  if (role === null) return 404
  return isAtLeast(role, access.role) ? granted : 403
}

test('every route has a row in this table, and every row has a route', () => {
  expect(Object.keys(rows).toSorted()).toEqual(routes.map(nameOf).toSorted())
})

test('no route that changes or sends something is open to viewers or without a session', () => {
  const writing = routes.filter(({ method }) => method !== 'GET')
  const open = writing.filter(
    ({ access }) => access !== 'installation' && (typeof access === 'string' || access.role === 'viewer'),
  )
  expect(open.map(nameOf)).toEqual([
    // A key has no right that its creator does not have.
    'POST /api/api-keys',
    'DELETE /api/api-keys/:id',
    // These need a link.
    'POST /api/account-links/read',
    'POST /api/account-links/use',
    'POST /api/setup',
    'POST /api/session',
    'DELETE /api/session',
    'DELETE /api/sessions',
    'DELETE /api/sessions/:id',
    'PUT /api/account/password',
  ])
})

describe.each(routes.map((route) => [nameOf(route), route] as const))('%s', (name, route) => {
  test.each(callers)('called with the rights of: %s', async (caller) => {
    hook = randomUUID()
    const { session, key } = credentials.get(caller) ?? { session: null }
    const { path, call, status } = (await rows[name]?.(key === undefined ? session : null)) ?? {
      path: '',
      status: 0,
    }
    const method = String(route.method)
    const before = received()
    // A row swaps the session for another one only where there is no key. Signing in ends the session that is sent.
    const withKey = key === undefined ? {} : { session: name === 'POST /api/session' ? null : session, key }
    const response = await callApi(stack, path, { method, session, ...call, ...withKey })
    const expected = expectedOf(route, caller, status)
    const sent = received() - before
    const hasCookie = response.headers.has('set-cookie')
    expect({ status: response.status, leaks: response.status >= 400 && (sent > 0 || hasCookie) }).toEqual({
      status: expected,
      leaks: false,
    })
    expect(documented.problemWith(documented.operation(method, route.url), response)).toBeNull()
  })
})

describe('HEAD, which exists for every GET', () => {
  const readable = routes.filter(({ method, access }) => method === 'GET' && access !== 'public')

  test.each(readable.map((route) => [nameOf(route), route] as const))(
    'of %s has the same access as GET',
    async (name, route) => {
      for (const caller of callers.filter((one) => expectedOf(route, one, 200) !== 200)) {
        const { path } = (await rows[name]?.(null)) ?? { path: '' }
        const { session, key } = credentials.get(caller) ?? { session: null }
        const headers = {
          ...(session !== null && { cookie: `session=${session}` }),
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        }
        const { status } = await fetch(new URL(path, stack.api), { method: 'HEAD', headers })
        // A GET with an effect has no HEAD. Its path may then match a route with a parameter, where nothing is found.
        const allowed = route.refusesCrossSite ? [401, 404, 405] : [expectedOf(route, caller, 200)]
        expect([caller, allowed.includes(status), status]).toEqual([caller, true, status])
      }
    },
  )
})

describe('to a member of a foreign site', () => {
  const absent = '0190a000-0000-7000-8000-000000000000'

  test.each([
    ['/api/deliveries/', newDelivery],
    ['/api/destinations/', newDestination],
    ['/api/operations/', newPlan],
    ['/api/alert-rules/', newAlertRule],
  ])('%s responds as for an id that does not exist', async (path, make) => {
    const { session } = credentials.get('a member of a foreign site') ?? { session: null }
    const foreign = await callApi(stack, `${path}${await make()}`, { session })
    const none = await callApi(stack, `${path}${absent}`, { session })
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...none.body, request_id: '' })
    expect(foreign.status).toBe(404)
  })
})

test('a removed member can no longer export', async () => {
  const { id } = await createUser(stack.database, [4], 'operator')
  const session = await createSessionToken(stack.database, id)
  const call = { body: exportBody(stack), headers: { prefer: 'respond-async' }, session }
  expect((await callApi(stack, '/api/webhook', call)).status).toBe(202)
  await stack.database.prisma.membership.deleteMany({ where: { userId: id } })
  expect((await callApi(stack, '/api/webhook', call)).status).toBe(404)
})
