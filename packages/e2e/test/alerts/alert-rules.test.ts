import { randomUUID } from 'node:crypto'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let admin: string

// Workers evaluate rules. These tests need no worker.
beforeAll(async () => {
  stack = await startStack({}, 0)
  const { id } = await createUser(stack.database, [4], 'admin')
  admin = await createSessionToken(stack.database, id)
})

beforeEach(() => stack.database.pool.query('delete from alert_rules'))

afterAll(() => stack.stop())

async function destination(type = 'custom', siteId = 4): Promise<string> {
  const body = { siteId, name: randomUUID(), webhook_type: type, webhook_url: stack.receiver.url }
  const { headers } = await callApi(stack, '/api/destinations', { body })
  return headers.get('location')?.split('/').at(-1) ?? ''
}

async function create(changes: object = {}, session = stack.session): Promise<ApiResponse> {
  const body = { name: randomUUID(), kind: 'failure_rate', notify: { destination_id: await destination() } }
  return callApi(stack, '/api/alert-rules', { body: { ...body, ...changes }, session })
}

const fieldsOf = ({ body }: ApiResponse): string[] =>
  ((body?.['error'] ?? {}) as { details?: { field: string }[] }).details?.map(({ field }) => field) ?? []

describe('a rule', () => {
  test('is created with the defaults of its kind, read, listed, changed and deleted', async () => {
    const created = await create({ name: 'Leads fail' })
    expect([created.status, created.body]).toMatchObject([
      201,
      {
        name: 'Leads fail',
        kind: 'failure_rate',
        enabled: true,
        threshold: 20,
        window_seconds: 900,
        minimum_count: 20,
        filter: { webhook_type: null, destination_id: null },
        cooldown_seconds: 1_800,
        state: 'ok',
        last_value: null,
        last_fired_at: null,
        problem: null,
      },
    ])
    const path = created.headers.get('location') ?? ''
    expect((await callApi(stack, path)).body).toEqual(created.body)
    const listed = await callApi(stack, '/api/alert-rules?siteId=4')
    expect(listed.body).toEqual({ items: [created.body] })
    const changes = { threshold: 5.5, filter: { webhook_type: 'slack' }, cooldown_seconds: 0, enabled: false }
    const changed = await callApi(stack, path, { method: 'PATCH', body: changes })
    expect([changed.status, changed.body]).toMatchObject([
      200,
      {
        name: 'Leads fail',
        threshold: 5.5,
        window_seconds: 900,
        filter: { webhook_type: 'slack' },
        enabled: false,
      },
    ])
    expect((await callApi(stack, path, { method: 'DELETE' })).status).toBe(204)
    expect(errorCodeOf(await callApi(stack, path))).toBe('alert_rule_not_found')
  })

  test('has a name that is unique in its site', async () => {
    const [first, second] = [await create({ name: 'one' }), await create({ name: 'two' })]
    expect(errorCodeOf(await create({ name: 'one' }))).toBe('alert_rule_exists')
    const path = second.headers.get('location') ?? ''
    const renamed = await callApi(stack, path, { method: 'PATCH', body: { name: 'one' } })
    expect([first.status, errorCodeOf(renamed)]).toEqual([201, 'alert_rule_exists'])
  })

  test('is refused when its site has fifty', async () => {
    const first = await create()
    await stack.database.pool.query(
      `insert into alert_rules (id, site_id, name, kind, cooldown_seconds, created_by)
       select
         gen_random_uuid(),
         4,
         'filler ' || n,
         'queue_age',
         0,
         created_by
       from alert_rules, generate_series(1, 49) n`,
    )
    expect([first.status, errorCodeOf(await create())]).toEqual([201, 'alert_rule_limit'])
  })

  test('is visible to viewers, and only operators change it', async () => {
    const viewer = await createUser(stack.database, [4], 'viewer')
    const session = await createSessionToken(stack.database, viewer.id)
    const path = (await create()).headers.get('location') ?? ''
    expect((await callApi(stack, path, { session })).status).toBe(200)
    const refused = await callApi(stack, path, { session, method: 'PATCH', body: { enabled: false } })
    expect(errorCodeOf(refused)).toBe('forbidden')
  })

  test('shows why its alerts would not arrive', async () => {
    const notified = await destination()
    const watched = await destination()
    const created = await create({
      notify: { destination_id: notified },
      filter: { destination_id: watched },
    })
    const path = created.headers.get('location') ?? ''
    const problem = async (): Promise<unknown> => (await callApi(stack, path)).body?.['problem']
    const pause = { method: 'PATCH', body: { state: 'paused' } }
    await callApi(stack, `/api/destinations/${notified}`, pause)
    expect(await problem()).toBe('destination_paused')
    await callApi(stack, `/api/destinations/${notified}`, { method: 'DELETE' })
    expect(await problem()).toBe('nobody_is_told')
    await callApi(stack, `/api/destinations/${watched}`, { method: 'DELETE' })
    expect(await problem()).toBe('watched_destination_gone')
  })

  test('is in the audit log when it is created, changed and deleted, without addresses', async () => {
    const path = (await create({ name: 'audited' })).headers.get('location') ?? ''
    await callApi(stack, path, { method: 'PATCH', body: { threshold: 30, name: 'renamed' } })
    await callApi(stack, path, { method: 'DELETE' })
    const { body } = await callApi(stack, '/api/audit?siteId=4&limit=3', { session: admin })
    const id = path.split('/').at(-1)
    expect(body?.['items']).toMatchObject([
      {
        action: 'alert_rule.deleted',
        object_type: 'alert_rule',
        object_id: id,
        details: { name: 'renamed' },
      },
      { action: 'alert_rule.updated', object_id: id, details: { changed: ['threshold', 'name'] } },
      { action: 'alert_rule.created', object_id: id, user_email: stack.user.email },
    ])
  })
})

describe('a refusal names the field', () => {
  test.each<[string, object, string]>([
    ['of a limit out of bounds', { threshold: 101 }, 'threshold'],
    ['of a limit that its kind does not have', { kind: 'queue_age', window_seconds: 900 }, 'window_seconds'],
    [
      'of a window too short to see a backlog grow',
      { kind: 'not_draining', window_seconds: 60 },
      'window_seconds',
    ],
    ['of a missing recipient', { notify: {} }, 'notify'],
    ['of an empty list of recipients', { notify: { email: [] } }, 'notify'],
    ['of an unknown destination', { notify: { destination_id: randomUUID() } }, 'notify.destination_id'],
    ['of an unknown watched destination', { filter: { destination_id: 'none' } }, 'filter.destination_id'],
    [
      'of an invalid e-mail address',
      { notify: { email: ['ada@example.com\r\nBcc: eve@example.com'] } },
      'notify.email.0',
    ],
  ])('%s', async (_name, changes, field) => {
    const refused = await create(changes)
    expect([refused.status, fieldsOf(refused)]).toEqual([400, [field]])
  })

  test('of a CRM as recipient, which cannot show an alert', async () => {
    const refused = await create({ notify: { destination_id: await destination('hubspot') } })
    expect([refused.status, fieldsOf(refused)]).toEqual([400, ['notify.destination_id']])
  })

  test('of a destination of another site, although the caller may use it', async () => {
    const both = await createUser(stack.database, [4, 7])
    const session = await createSessionToken(stack.database, both.id)
    const body = { siteId: 7, name: 'elsewhere', webhook_type: 'custom', webhook_url: stack.receiver.url }
    const made = await callApi(stack, '/api/destinations', { body, session })
    const destination_id = made.headers.get('location')?.split('/').at(-1)
    const refused = await create({ notify: { destination_id } }, session)
    expect([refused.status, fieldsOf(refused)]).toEqual([400, ['notify.destination_id']])
  })

  test('or says that the installation has no mail server', async () => {
    const refused = await create({ notify: { email: ['ada@example.com'] } })
    expect([refused.status, errorCodeOf(refused)]).toEqual([501, 'email_not_configured'])
  })

  test('of a changed limit that its kind does not have', async () => {
    const path = (await create({ kind: 'destination_disabled' })).headers.get('location') ?? ''
    const refused = await callApi(stack, path, { method: 'PATCH', body: { threshold: 3 } })
    expect([refused.status, fieldsOf(refused)]).toEqual([400, ['threshold']])
  })
})

describe('text that could break a message or a line', () => {
  const hostile = [
    ['a line break', 'Leads\nBcc: eve@example.com'],
    ['a carriage return', 'Leads\rfail'],
    ['a line separator', 'Leads\u2028fail'],
    ['a tab', 'Leads\tfail'],
    ['an escape sequence', 'Leads\u001b[31m'],
    ['a C1 control', 'Leads\u009b31m'],
    ['a bidirectional override', 'Leads\u202eliaf'],
    ['a bidirectional isolate', 'Leads\u2066fail'],
    ['a direction mark', 'Leads\u200f'],
  ] as const

  test.each(hostile)('is refused in names: %s', async (_what, name) => {
    const rule = await create({ name })
    const expected = 'one line, without control characters and bidirectional controls'
    expect([rule.status, rule.body?.['error']]).toMatchObject([
      400,
      { details: [{ field: 'name', expected }] },
    ])
    const path = (await create()).headers.get('location') ?? ''
    expect((await callApi(stack, path, { method: 'PATCH', body: { name } })).status).toBe(400)
    const body = { name, webhook_type: 'custom', webhook_url: stack.receiver.url }
    expect((await callApi(stack, '/api/destinations', { body })).status).toBe(400)
  })

  test('is refused in reasons, which may have several lines', async () => {
    const path = `/api/destinations/${await destination()}`
    const pause = async (state_reason: string): Promise<number> => {
      const body = { state: 'paused', state_reason }
      return (await callApi(stack, path, { method: 'PATCH', body })).status
    }
    expect(await pause('their CRM is down\nuntil noon')).toBe(200)
    expect([await pause('down\u001b[2J'), await pause('\u202enwod')]).toEqual([400, 400])
  })

  test('is no text of another script, and no emoji', async () => {
    for (const name of ['עסקה', 'リード', 'Échec 👩‍👩‍👧', 'می‌شود'])
      expect((await create({ name })).status).toBe(201)
  })
})
