import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditActions } from '@ghostpost/delivery/contract/audit'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from '../deliveries/dead-letters.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let admin: string
const planted = 'planted-T0B0-secret'

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_TRUST_PROXY: 'true' })
  const { id } = await createUser(stack.database, [4], 'admin')
  admin = await createSessionToken(stack.database, id)
})

afterAll(() => stack.stop())

interface Entry {
  id: string
  action: string
  user_email: string | null
  object_id: string | null
  request_id: string
  ip: string
  details: Record<string, unknown>
}

interface Page {
  items: Entry[]
  next_cursor: string | null
}

async function page(query: string): Promise<Page> {
  const { body } = await callApi(stack, `/api/audit?siteId=4&${query}`, { session: admin })
  return body as unknown as Page
}

async function entries(query = 'limit=100'): Promise<Entry[]> {
  return (await page(query)).items
}

/** The entries that were written while `work` ran, oldest first. */
async function during(work: () => Promise<unknown>): Promise<Entry[]> {
  const last = (await entries('limit=1'))[0]?.id ?? '0'
  await work()
  return (await entries()).filter(({ id }) => BigInt(id) > BigInt(last)).toReversed()
}

const headers = { 'x-forwarded-for': '198.51.100.9' }

test('the audit log has each change of a destination with its user and address, without secrets', async () => {
  const body = {
    name: 'audited',
    webhook_type: 'custom',
    webhook_url: `${stack.receiver.url}${planted}`,
    headers: { authorization: planted },
  }
  const written = await during(async () => {
    const created = await callApi(stack, '/api/destinations', { body, headers })
    const path = created.headers.get('location') ?? ''
    const call = { headers }
    await callApi(stack, path, {
      ...call,
      method: 'PATCH',
      body: { state: 'paused', webhook_url: `${stack.receiver.url}${planted}2` },
    })
    await callApi(stack, path, { ...call, method: 'PATCH', body: { state: 'enabled' } })
    await callApi(stack, `${path}/test`, { ...call, method: 'POST' })
    await callApi(stack, `${path}/signing-secret`, { ...call, method: 'POST' })
    await callApi(stack, path, { ...call, method: 'DELETE' })
  })
  expect(written.map(({ action }) => action)).toEqual([
    'destination.created',
    'destination.updated',
    'destination.updated',
    'destination.tested',
    'destination.secret_rotated',
    'destination.deleted',
  ])
  expect(written[1]?.details).toMatchObject({ changed: ['state', 'stateReason', 'secrets'], state: 'paused' })
  expect(new Set(written.map(({ user_email }) => user_email))).toEqual(new Set([stack.user.email]))
  expect(new Set(written.map(({ ip }) => ip))).toEqual(new Set(['198.51.100.9']))
  expect(JSON.stringify(written)).not.toContain(planted)
})

const post = (path: string, body?: object): ReturnType<typeof callApi> =>
  callApi(stack, path, { method: 'POST', headers, ...(body && { body }) })

test('the audit log has each step of an operation with its reason', async () => {
  await makeDeadLetters(stack, 30)
  const plan = await post('/api/operations/plan', { kind: 'resend', filter: { status: 'failed' }, rate: 1 })
  const { operation_id } = (plan.body as unknown as { operation: { operation_id: string } }).operation
  const path = `/api/operations/${operation_id}`
  const written = await during(async () => {
    await post('/api/operations', { operation_id, reason: 'they are back' })
    await post(`${path}/pause`, { reason: 'not so fast' })
    await post(`${path}/resume`)
    await post(`${path}/cancel`)
  })
  expect(written).toMatchObject([
    { action: 'operation.started', details: { reason: 'they are back' } },
    { action: 'operation.paused', details: { reason: 'not so fast' } },
    { action: 'operation.resumed' },
    { action: 'operation.cancelled' },
  ])
  expect(new Set(written.map(({ object_id }) => object_id))).toEqual(new Set([operation_id]))
})

async function waitingDelivery(): Promise<string> {
  const [id = ''] = await makeDeadLetters(stack, 1)
  await stack.database.pool.query(
    `update deliveries set state = 'retrying', finished_at = null, next_attempt_at = now() + interval '1 hour',
       sweep_at = now() + interval '1 hour' where id = $1`,
    [id],
  )
  return `/api/deliveries/${id}/cancel`
}

async function alertRule(): Promise<string> {
  const webhook_url = `${stack.receiver.url}alerts`
  const saved = await post('/api/destinations', {
    name: 'paused and enabled',
    webhook_type: 'custom',
    webhook_url,
  })
  const destination_id = saved.headers.get('location')?.split('/').at(-1)
  const rule = { name: 'audited', kind: 'failure_rate', notify: { destination_id } }
  return `${(await post('/api/alert-rules', rule)).headers.get('location') ?? ''}/test`
}

test.each([
  ['delivery.cancelled', waitingDelivery],
  ['alert_rule.tested', alertRule],
])('the audit log has %s with its user and its subject', async (action, given) => {
  const path = await given()
  const written = await during(() => post(path))
  expect(written).toMatchObject([
    { action, object_id: path.split('/').at(-2), user_email: stack.user.email, ip: '198.51.100.9' },
  ])
})

test('the audit log has a refused and a made change of a password, and the sessions that it ended', async () => {
  const member = await createUser(stack.database, [4])
  const session = await createSessionToken(stack.database, member.id)
  await createSessionToken(stack.database, member.id)
  const change = (current_password: string): ReturnType<typeof callApi> => {
    const body = { current_password, new_password: planted }
    return callApi(stack, '/api/account/password', { method: 'PUT', body, session, headers })
  }
  const written = await during(async () => {
    await change('not the password')
    await change(member.password)
  })
  expect(written).toMatchObject([
    { action: 'password.refused', object_id: member.id },
    { action: 'password.changed', object_id: member.id },
    { action: 'session.ended', object_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  ])
  expect(new Set(written.map(({ user_email }) => user_email))).toEqual(new Set([member.email]))
  expect(JSON.stringify(written)).not.toContain(planted)
})

test('every audit action has a test', () => {
  const folder = join(import.meta.dirname, '..')
  const tests = globSync('**/*.test.ts', { cwd: folder }).map((path) =>
    readFileSync(join(folder, path), 'utf8'),
  )
  expect(auditActions.filter((action) => !tests.some((text) => text.includes(`'${action}'`)))).toEqual([])
})

test('the audit log has an export by a user once with its request id, however often it is repeated', async () => {
  stack.receiver.always(respond(200))
  let requestId: string | null = null
  let delivery: unknown
  const written = await during(async () => {
    const call = { body: exportBody(stack), headers: { 'idempotency-key': 'audit-1' } }
    const first = await callApi(stack, '/api/webhook', call)
    requestId = first.headers.get('x-request-id')
    delivery = first.body?.['delivery_id']
    await callApi(stack, '/api/webhook', call)
  })
  expect(written).toMatchObject([
    {
      action: 'visitor.exported',
      request_id: requestId,
      object_id: delivery,
      details: { webhook_type: 'custom', receiver_host: `127.0.0.1:${stack.receiver.port}` },
    },
  ])
  expect(JSON.stringify(written)).not.toContain('gv_a1b2c3d4')
})

test('the audit log of the account’s sites has sign-ins, failed sign-ins and sign-outs', async () => {
  const { email, password } = stack.user
  const written = await during(async () => {
    const signedIn = await callApi(stack, '/api/session', { body: { email, password }, session: null })
    await callApi(stack, '/api/session', { body: { email, password: planted }, session: null })
    const session = /session=([^;]+)/.exec(signedIn.headers.get('set-cookie') ?? '')?.[1] ?? ''
    await callApi(stack, '/api/session', { method: 'DELETE', session })
  })
  expect(written.map(({ action }) => action)).toEqual(['session.created', 'session.refused', 'session.ended'])
  expect(written.map(({ user_email }) => user_email)).toEqual([email, email, email])
  const stranger = await createUser(stack.database, [7], 'admin')
  const session = await createSessionToken(stack.database, stranger.id)
  const { body } = await callApi(stack, '/api/audit?siteId=7', { session })
  expect(body).toEqual({ items: [], next_cursor: null })
})

test('the audit log has only a digest of an unknown address, which may be a password', async () => {
  const body = { email: planted, password: planted }
  await callApi(stack, '/api/session', { body, session: null })
  const rows = await stack.database.prisma.auditEntry.findMany({ where: { userId: null } })
  const address_digest = expect.stringMatching(/^[0-9a-f]{16}$/)
  expect(rows).toMatchObject([{ action: 'session.refused', details: { address_digest } }])
  expect(JSON.stringify(rows.map(({ details }) => details))).not.toContain(planted)
})

test('a refused action changes nothing and is not in the audit log', async () => {
  const viewer = await createUser(stack.database, [4], 'viewer')
  const session = await createSessionToken(stack.database, viewer.id)
  const written = await during(async () => {
    await callApi(stack, '/api/webhook', { body: exportBody(stack), session })
    const body = { name: 'taken twice', webhook_type: 'custom', webhook_url: stack.receiver.url }
    await callApi(stack, '/api/destinations', { body })
    await callApi(stack, '/api/destinations', { body })
  })
  expect(written.map(({ action }) => action)).toEqual(['destination.created'])
})

test('pages follow each other without a gap or a repeat while entries are added', async () => {
  const all = (await entries()).map(({ id }) => id)
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const { items, next_cursor }: Page = await page(cursor === null ? 'limit=3' : `limit=3&cursor=${cursor}`)
    seen.push(...items.map(({ id }) => id))
    cursor = next_cursor
    await callApi(stack, '/api/webhook', { body: exportBody(stack), headers: { prefer: 'respond-async' } })
  } while (cursor !== null)
  expect(seen).toEqual(all)
})

test('a page is read by index', async () => {
  const { pool } = stack.database
  await pool.query(
    `insert into audit_log (site_id, user_id, action, object_type, request_id, ip)
     select case when n % 200 = 0 then 4 when n % 3 > 0 then 7 end, case when n % 3 = 0 then gen_random_uuid() end,
       'visitor.exported', 'delivery', 'r', '192.0.2.1' from generate_series(1, 30000) n`,
  )
  await pool.query('analyze audit_log')
  const { rows } = await pool.query<{ 'QUERY PLAN': unknown }>(
    `explain (format json) select * from audit_log where site_id = 4 and id < 9000000 order by id desc limit 51`,
  )
  expect(JSON.stringify(rows)).toContain('audit_log_site_id_id_idx')
  expect((await entries()).length).toBe(100)
})
