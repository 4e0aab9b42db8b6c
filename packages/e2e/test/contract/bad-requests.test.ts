import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody, type ApiCall } from '@ghostpost/test-kit/processes/call-api'
import { connectFrom, statusIn } from '@ghostpost/test-kit/processes/raw-connection'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack.stop())

async function post(
  changes: Record<string, unknown>,
  call: ApiCall = {},
): Promise<Awaited<ReturnType<typeof callApi>>> {
  return callApi(stack, '/api/webhook', { body: exportBody(stack, changes), ...call })
}

const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/)

function refusal(code: string, message: string, details?: object[]): object {
  return { success: false, error: { code, message, ...(details && { details }) }, request_id: requestId }
}

describe('a field of POST /api/webhook', () => {
  const missing = undefined
  test.each([
    ['ghost_vid', missing, 'this field'],
    ['ghost_vid', 7, 'a string, not another type'],
    ['ghost_vid', 'a1b2', 'text that matches ^gv_[A-Za-z0-9_-]{1,128}$'],
    ['ghost_vid', `gv_${'x'.repeat(129)}`, 'text that matches ^gv_[A-Za-z0-9_-]{1,128}$'],
    ['ghost_vid', 'gv_a/../b', 'text that matches ^gv_[A-Za-z0-9_-]{1,128}$'],
    ['webhook_url', missing, 'this field'],
    ['webhook_url', null, 'a string, not another type'],
    ['webhook_url', '', 'at least 1 characters'],
    ['webhook_url', 'example.com/hooks', 'an absolute http or https URL'],
    ['webhook_url', '/hooks', 'an absolute http or https URL'],
    ['webhook_url', 'http:example.com', 'an absolute http or https URL'],
    ['webhook_url', 'ftp://example.com/hooks', 'an http or https URL'],
    ['webhook_url', 'javascript:alert(1)', 'an http or https URL'],
    ['webhook_url', 'file:///etc/passwd', 'an http or https URL'],
    ['webhook_url', 'https://user:pw@example.com/hooks', 'a URL without user name and password'],
    ['webhook_url', `https://example.com/${'x'.repeat(3_000)}`, 'at most 2048 characters'],
    ['webhook_type', 'teams', 'one of custom, hubspot, salesforce, slack, discord'],
    ['webhook_type', 'Slack', 'one of custom, hubspot, salesforce, slack, discord'],
    ['webhook_type', null, 'one of custom, hubspot, salesforce, slack, discord'],
    ['include_journey', 'true', 'a boolean, not another type'],
    ['include_events', 1, 'a boolean, not another type'],
    ['siteId', '4', 'an integer, not another type'],
    ['siteId', 4.5, 'an integer, not another type'],
    ['siteId', 0, 'a number >= 1'],
    ['siteId', -4, 'a number >= 1'],
    ['siteId', 3_000_000_000, 'a number <= 2147483647'],
    ['webhookUrl', 'https://example.com', 'no such field'],
  ])('%s = %j is refused, and the error says what is expected', async (field, value, expected) => {
    const { status, body } = await post({ [field]: value })
    expect(status).toBe(400)
    expect(body).toEqual(refusal('validation_failed', `Wrong or missing: ${field}.`, [{ field, expected }]))
  })

  test('the error names every wrong field', async () => {
    const { body } = await post({ ghost_vid: 1, siteId: 'x', extra: true })
    expect(body).toMatchObject({ error: { message: 'Wrong or missing: extra, ghost_vid, siteId.' } })
  })
})

describe('a body', () => {
  test.each(['{', '{"ghost_vid":', 'ghost_vid=1', '', '{"__proto__":{"a":1}}'])(
    'of %j is malformed',
    async (rawBody) => {
      const { status, body } = await callApi(stack, '/api/webhook', { rawBody })
      expect(status).toBe(400)
      expect(body).toEqual(refusal('malformed_json', 'The body is not valid JSON.'))
    },
  )

  test.each(['[]', '"text"', '4', 'null'])('of %j is refused: it is no object', async (rawBody) => {
    const { status, body } = await callApi(stack, '/api/webhook', { rawBody })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 'validation_failed' } })
  })

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'sent as %s is refused',
    async (contentType) => {
      const { status, body } = await post({}, { headers: { 'content-type': contentType } })
      expect(status).toBe(415)
      expect(body).toEqual(
        refusal('unsupported_media_type', 'Send the body as JSON with Content-Type: application/json.'),
      )
    },
  )

  test('over 64 KiB is refused', async () => {
    const { status, body } = await post({ padding: 'x'.repeat(65 * 1_024) })
    expect(status).toBe(413)
    expect(body).toEqual(refusal('body_too_large', 'The body is larger than 64 KiB.'))
  })
})

describe('the character U+0000', () => {
  test.each([
    ['POST', '/api/session', { email: 'a\0b', password: 'x' }, 'email'],
    ['POST', '/api/destinations', { name: 'a\0', webhook_type: 'custom', webhook_url: 'https://x' }, 'name'],
    [
      'POST',
      '/api/destinations',
      { name: 'a', webhook_type: 'custom', webhook_url: 'https://x', headers: { 'x\0': '' } },
      'headers',
    ],
  ])('in %s %s %j is refused by name', async (method, path, body, field) => {
    const { status, body: answered } = await callApi(stack, path, { method, body })
    expect(status).toBe(400)
    expect(answered).toMatchObject({ error: { code: 'validation_failed', details: [{ field }] } })
  })

  test('does not break a body nested as deep as its size allows', async () => {
    const depth = 32_000
    const rawBody = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const { status } = await callApi(stack, '/api/webhook', { rawBody })
    expect(status).toBe(400)
  })
})

describe('a query, a path or a filter', () => {
  const leapSecond = '2026-06-30T23:59:60Z'
  const wrongTimes = [leapSecond, '2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '0000-01-01T00:00:00Z', 'x']

  test.each([
    ...['receiver', 'ghost_vid', 'identified_user', 'cause', 'failure', 'text', 'cursor', 'x%00y'].flatMap(
      (name) => [`/api/deliveries?${name}=a%00b`, `/api/deliveries/count?${name}=%00`],
    ),
    '/api/failures/%00',
    '/api/failures/a%00b?siteId=4',
    '/api/receivers/a%00b',
    '/api/audit?cursor=%00',
    '/api/operations?cursor=%00',
    '/api/stats?destination_id=%00',
    '/api/stream?siteId=4%00',
    '/ops/%00',
    '/docs/%00',
    '/docs/static/a%00b',
  ])('with U+0000 is refused: GET %s', async (path) => {
    const { status } = await callApi(stack, path)
    expect([400, 403, 404]).toContain(status)
  })

  test.each(
    wrongTimes.flatMap((time) => [
      `/api/deliveries?from=${time}`,
      `/api/deliveries?to=${time}`,
      `/api/deliveries/count?from=${time}`,
      `/api/deliveries/export?to=${time}`,
    ]),
  )('with a time that is none is refused: GET %s', async (path) => {
    const { status, body } = await callApi(stack, path)
    expect([status, body]).toMatchObject([400, { error: { code: 'validation_failed' } }])
  })

  test.each(wrongTimes)('with the time %s is refused in every body that has times', async (time) => {
    const bodies: [string, string, object][] = [
      ['POST', '/api/operations/plan', { kind: 'resend', filter: { from: time } }],
      ['POST', '/api/operations/plan', { kind: 'resend', filter: { to: time } }],
      ['POST', '/api/operations/plan', { kind: 'export', visitors: { seen_from: time } }],
      ['POST', '/api/operations/plan', { kind: 'export', visitors: { seen_to: time } }],
      ['PATCH', '/api/failures/abc', { state: 'ignored', ignored_until: time }],
    ]
    for (const [method, path, body] of bodies) {
      const refused = await callApi(stack, path, { method, body })
      expect([method, path, refused.status]).toEqual([method, path, 400])
    }
  })

  test('with a time of any zone and precision passes', async () => {
    for (const time of ['2026-06-30T23:59:59Z', '2026-06-30T23:59:59.123456%2B14:00', '2024-02-29t00:00:00z'])
      expect((await callApi(stack, `/api/deliveries?from=${time}`)).status).toBe(200)
  })
})

describe('a body that is nested', () => {
  test.each([101, 1_000, 10_000, 30_000])('%i levels deep is refused', async (depth) => {
    const deep = `${'{"a":'.repeat(depth / 2)}${'['.repeat(depth / 2)}${']'.repeat(depth / 2)}${'}'.repeat(depth / 2)}`
    const rawBodies = [`{"payload":${deep}}`, `{"payload":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`]
    const id = '0190a000-0000-7000-8000-000000000001'
    await stack.database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by, state)
       values ($1, 4, 0, 'gv_x', 'custom', 'https://a.example', 'a.example', true, true, $2, 'failed')
       on conflict do nothing`,
      [id, stack.user.id],
    )
    for (const rawBody of rawBodies.filter((one) => one.length < 64_000)) {
      const { status, body } = await callApi(stack, `/api/deliveries/${id}/edit`, { rawBody })
      expect([status, body]).toMatchObject([400, { error: { code: 'validation_failed' } }])
    }
    await stack.database.pool.query('delete from deliveries where id = $1', [id])
  })
})

describe('an error response', () => {
  const huge: [string, string, object][] = [
    [
      'POST',
      '/api/alert-rules',
      { name: 'x', kind: 'queue_age', notify: { email: Array.from({ length: 15_000 }, () => 'a') } },
    ],
    [
      'POST',
      '/api/operations/plan',
      { kind: 'resend', delivery_ids: Array.from({ length: 15_000 }, () => 'a') },
    ],
    [
      'POST',
      '/api/session',
      Object.fromEntries(Array.from({ length: 3_500 }, (_, index) => [`field${index}`, 1])),
    ],
    ['POST', '/api/session', { ['\u0001'.repeat(9_000)]: 1 }],
    [
      'POST',
      '/api/destinations',
      { name: 'x', webhook_type: 'custom', webhook_url: 'https://x', headers: { ['é'.repeat(20_000)]: 7 } },
    ],
  ]

  test.each(huge)(
    'to %s %s lists at most 8 problems in at most 8 KiB, and costs little',
    async (method, path, body) => {
      const startedAt = performance.now()
      const { status, text, body: response } = await callApi(stack, path, { method, body })
      expect(status).toBe(400)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192)
      const { details } = (response ?? {})['error'] as { details: object[] }
      expect(details.length).toBeLessThanOrEqual(8)
      expect(performance.now() - startedAt).toBeLessThan(1_000)
    },
  )

  test('to a caller without the right says nothing about the body', async () => {
    const { id } = await createUser(stack.database, [])
    const session = await createSessionToken(stack.database, id)
    const viewer = await createSessionToken(
      stack.database,
      (await createUser(stack.database, [4], 'viewer')).id,
    )
    for (const [method, path, body] of huge.filter(([, one]) => one !== '/api/session')) {
      expect((await callApi(stack, path, { method, body, session })).status).toBe(404)
      expect((await callApi(stack, path, { method, body, session: viewer })).status).toBe(403)
      // Where the site itself cannot be read.
      const unreadable = await callApi(stack, path, { method, body: { ...body, siteId: 'x' }, session })
      expect(unreadable.status).toBe(403)
    }
  })
})

describe('a method that a path does not have', () => {
  test.each([
    ['DELETE', '/api/webhook', 'GET, HEAD, POST'],
    ['PUT', '/api/deliveries/0190a000-0000-7000-8000-000000000000', 'GET, HEAD'],
    ['OPTIONS', '/api/session', 'DELETE, GET, HEAD, POST'],
    ['PROPFIND', '/api/destinations', 'GET, HEAD, POST'],
    ['QUERY', '/api/webhook', 'GET, HEAD, POST'],
    ['MKCOL', '/healthz', 'GET, HEAD'],
    ['FOO', '/api/webhook?x=1', 'GET, HEAD, POST'],
    ['POST', '/ops/deliveries', 'GET, HEAD'],
    ['HEAD', '/api/stream', 'GET'],
  ])('gets 405 with Allow: %s %s', async (method, path, allow) => {
    for (const cookie of ['', `cookie: session=${stack.session}\r\n`]) {
      const head = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${cookie}\r\n`
      const text = await connectFrom(stack.api, '127.0.0.1', head).closed
      expect(statusIn(text)).toBe(405)
      expect(/\r\nallow: ([^\r]+)/i.exec(text)?.[1]).toBe(allow)
    }
  })

  test.each(['QUERY', 'PROPFIND', 'FOO', 'PUT'])('gets 404 at an unknown path: %s', async (method) => {
    const head = `${method} /api/nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`
    expect(statusIn(await connectFrom(stack.api, '127.0.0.1', head).closed)).toBe(404)
  })
})

describe('an Idempotency-Key', () => {
  test('over 255 characters is refused', async () => {
    const { status, body } = await post({}, { headers: { 'idempotency-key': 'k'.repeat(256) } })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: { details: [{ field: 'idempotency-key', expected: 'at most 255 characters' }] },
    })
  })
})

describe('the session cookie', () => {
  const states = [
    'no cookie',
    'a forged one',
    'an expired one',
    'a revoked one',
    'an absurdly long one',
  ] as const

  async function tokenOf(state: (typeof states)[number]): Promise<string | null> {
    if (state === 'no cookie') return null
    if (state === 'a forged one') return Buffer.from('x'.repeat(32)).toString('base64url')
    if (state === 'an absurdly long one') return 'x'.repeat(5_000)
    return createSessionToken(
      stack.database,
      stack.user.id,
      state === 'an expired one' ? 'expired' : 'revoked',
    )
  }

  test.each(states)('%s is 401 before the body is validated', async (state) => {
    const session = await tokenOf(state)
    for (const call of [{ body: exportBody(stack) }, { rawBody: '{' }]) {
      const { status, body } = await callApi(stack, '/api/webhook', { ...call, session })
      expect(status).toBe(401)
      expect(body).toMatchObject({
        success: false,
        error: { code: 'unauthenticated' },
        request_id: requestId,
      })
    }
    expect((await callApi(stack, '/api/webhook', { session })).status).toBe(401)
    expect((await callApi(stack, '/api/deliveries/x', { session })).status).toBe(401)
  })
})

describe('a resource without access', () => {
  test('another tenant’s site looks like one that does not exist', async () => {
    for (const siteId of [7, 99_999]) {
      const { status, body } = await post({ siteId })
      expect(status).toBe(404)
      expect(body).toEqual(refusal('site_not_found', `There is no site ${siteId}.`))
    }
  })

  test('the default site 4 is refused to others, too', async () => {
    const stranger = await createUser(stack.database, [7])
    const session = await createSessionToken(stack.database, stranger.id)
    const { status, body } = await post({}, { session })
    expect(status).toBe(404)
    expect(body).toEqual(refusal('site_not_found', 'There is no site 4.'))
  })

  test('an unknown visitor is 404', async () => {
    const { status, body } = await post({ ghost_vid: 'gv_nobody' })
    expect(status).toBe(404)
    expect(body).toEqual(refusal('visitor_not_found', 'Site 4 has no visitor gv_nobody.'))
  })

  test.each(['0190a000-0000-7000-8000-000000000000', 'not-an-id', '%00'])(
    'delivery %s is 404',
    async (id) => {
      const { status, body } = await callApi(stack, `/api/deliveries/${id}`)
      expect(status).toBe(404)
      expect(body).toMatchObject({ error: { code: 'delivery_not_found' } })
    },
  )

  test('an unknown route is a JSON 404', async () => {
    const { status, body } = await callApi(stack, '/api/nothing?secret=1')
    expect(status).toBe(404)
    expect(body).toEqual(refusal('not_found', 'No route matches GET /api/nothing.'))
  })
})

test('no refused request stored or sent anything', async () => {
  expect(await stack.database.prisma.delivery.count()).toBe(0)
  expect(stack.receiver.requests).toHaveLength(0)
})
