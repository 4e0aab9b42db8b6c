import { gzipSync } from 'node:zlib'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { Analytics } from '@segment/analytics-node'
import { createApiKey, createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { startHubspotFake, type HubspotFake } from '@ghostpost/test-kit/hubspot-fake/hubspot-fake'
import { callApi, errorCodeOf, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let stack: Stack
let hubspot: HubspotFake
let admin: string
let key: string
let destinationId: string

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32' })
  hubspot = await startHubspotFake()
  const { id } = await createUser(stack.database, [4], 'admin')
  admin = await createSessionToken(stack.database, id)
  key = await createApiKey(stack.database, id, { role: 'operator' })
  const body = {
    name: 'contacts',
    webhook_type: 'hubspot',
    webhook_url: `${hubspot.url}/crm/v3/objects/contacts`,
    credentials: { kind: 'access_token', access_token: hubspot.token },
  }
  const saved = await callApi(stack, '/api/destinations', { body })
  destinationId = (saved.body as { destination: { id: string } }).destination.id
  const properties = `/api/destinations/${destinationId}/hubspot-properties`
  await callApi(stack, properties, { method: 'POST' })
})

afterAll(async () => {
  await stack.stop()
  await hubspot.stop()
})

interface Visitor {
  ghost_vid: string
  [field: string]: unknown
}

async function visitorOf(person: string): Promise<Visitor> {
  const list = await callApi(stack, `/api/visitors?identified_user=${encodeURIComponent(person)}`, { key })
  const [found] = (list.body?.['items'] ?? []) as Visitor[]
  if (!found) throw new Error(`no visitor of ${person}: ${list.text}`)
  return (await callApi(stack, `/api/visitors/${found.ghost_vid}`, { key })).body as unknown as Visitor
}

async function contactAfterExport(vid: string): Promise<unknown> {
  const body = { ghost_vid: vid, destination_id: destinationId }
  expect(await callApi(stack, '/api/webhook', { body, key })).toMatchObject({ status: 200 })
  return hubspot.store.find('ghost_visitor_id', vid)?.properties
}

const send = (batch: unknown, headers: Record<string, string> = {}): Promise<ApiResponse> =>
  callApi(stack, '/v1/batch', { body: { batch }, key, headers })
const basic = (user: string): string => `Basic ${Buffer.from(`${user}:`).toString('base64')}`
const resultsOf = ({ body }: ApiResponse): Record<string, unknown>[] =>
  (body?.['results'] ?? []) as Record<string, unknown>[]

test('Segment’s own client leads from identify to a delivered HubSpot contact', async () => {
  const analytics = new Analytics({ writeKey: key, host: stack.api, maxRetries: 0 })
  const failures: unknown[] = []
  analytics.on('error', (error) => failures.push(error))
  const traits = {
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    company: { name: 'Analytical Engines' },
    plan: 'pro',
  }
  analytics.identify({ userId: 'u-1', traits, context: { location: { country: 'United Kingdom' } } })
  analytics.page({ userId: 'u-1', properties: { path: '/pricing', url: 'https://example.com/pricing' } })
  analytics.track({
    userId: 'u-1',
    event: 'Signed Up',
    context: { campaign: { name: 'spring', source: 'news', medium: 'email' } },
  })
  analytics.group({ userId: 'u-1', groupId: 'g-1' })
  await analytics.closeAndFlush({ timeout: 20_000 })
  expect(failures).toEqual([])
  const visitor = await visitorOf('ada@example.com')
  expect(visitor).toMatchObject({
    name: 'Ada Lovelace',
    company: 'Analytical Engines',
    country: 'United Kingdom',
    total_sessions: 1,
    total_pageviews: 1,
    traits: { plan: 'pro', user_id: 'u-1', utm_campaign: 'spring' },
    sessions: [{ entry_page: '/pricing', exit_page: '/pricing', pageview_count: 1 }],
  })
  expect((visitor['events'] as { type: string }[]).map(({ type }) => type).toSorted()).toEqual([
    'Signed Up',
    'pageview',
  ])
  expect(await contactAfterExport(visitor.ghost_vid)).toMatchObject({ email: 'ada@example.com' })
})

test.each([
  ['compressed', true],
  ['plain', false],
])('RudderStack’s own client leads to a delivered HubSpot contact, %s', async (name, gzip) => {
  const person = `${name}@example.com`
  const client = new RudderAnalytics(key, { dataPlaneUrl: stack.api, gzip, flushAt: 10, retryCount: 0 })
  const flushed = new Promise<void>((resolve, reject) => {
    client.identify({ userId: `r-${name}`, traits: { email: person, name: 'Bo' } })
    client.page({ userId: `r-${name}`, name: 'Pricing', properties: { path: '/pricing' } })
    client.track({ userId: `r-${name}`, event: 'Signed Up' }, (error?: Error) =>
      error ? reject(error) : resolve(),
    )
  })
  await client.flush()
  await flushed
  const visitor = await visitorOf(person)
  expect(visitor).toMatchObject({ name: 'Bo', total_pageviews: 1 })
  expect(await contactAfterExport(visitor.ghost_vid)).toMatchObject({ email: person })
})

describe('a batch of messages', () => {
  const at = '2026-03-10T17:14:22.000Z'
  const page = { type: 'page', userId: 'p', messageId: 'm-1', timestamp: at }

  test('has a result per message, and a refused one does not stop the others', async () => {
    const response = await send([
      { ...page, userId: 'results' },
      { type: 'group', userId: 'results', groupId: 'g' },
      { type: 'identify' },
      { ...page, timestamp: new Date(Date.now() + 3_600_000) },
      { ...page, timestamp: '2026-02-30T00:00:00Z' },
      { type: 'identify', userId: 'results', traits: { name: 'n'.repeat(257) } },
      { type: 'identify', userId: 'results', traits: { big: 'é'.repeat(4_100) } },
      { type: 'identify', userId: 'results', traits: { huge: 'x'.repeat(40_000) } },
      { type: 'identify', userId: 'results', traits: { a: 'a\0b' } },
      'no message',
    ])
    expect(response).toMatchObject({
      status: 200,
      body: { success: true, stored: 1, ignored: 1, refused: 8 },
    })
    const fields = resultsOf(response).map(({ error }) =>
      (error as { details: { field: string }[] } | undefined)?.details.map(({ field }) => field),
    )
    expect(fields.slice(2)).toEqual([
      ['userId'],
      expect.arrayContaining(['last_seen']),
      expect.arrayContaining(['last_seen']),
      expect.arrayContaining(['name']),
      ['traits'],
      ['message'],
      ['a'],
      ['message'],
    ])
  })

  test('of more traits than a visitor may have stores nothing of them', async () => {
    const says = (name: string): object => ({
      type: 'identify',
      userId: 'full',
      traits: { email: 'full@example.com', [name]: 'x'.repeat(5_000) },
    })
    expect((await send([says('a')])).body).toMatchObject({ stored: 1 })
    expect((await send([says('b')])).body).toMatchObject({ refused: 1 })
    expect(Object.keys((await visitorOf('full@example.com'))['traits'] as object)).toEqual(['a', 'user_id'])
  })

  test.each([
    ['the user name of Basic', () => ({ authorization: basic(key) }), 200],
    ['another user name', () => ({ authorization: basic('someone') }), 401],
    ['an unknown key', () => ({ authorization: basic('gp_unknown') }), 401],
    ['broken Base64', () => ({ authorization: 'Basic %%%' }), 401],
  ])('authenticates with %s', async (_, headers, status) => {
    const call = { body: { batch: [] }, session: null, headers: headers() }
    expect((await callApi(stack, '/v1/batch', call)).status).toBe(status)
  })

  test('needs the role operator, and only these routes take a key as a user name', async () => {
    const viewer = await createApiKey(stack.database, stack.user.id, { role: 'viewer' })
    expect((await callApi(stack, '/v1/batch', { body: { batch: [] }, key: viewer })).status).toBe(403)
    const headers = { authorization: basic(key) }
    expect((await callApi(stack, '/api/visitors', { session: null, headers })).status).toBe(401)
  })

  test('goes to the site of its key', async () => {
    const { id } = await createUser(stack.database, [7], 'admin')
    const other = await createApiKey(stack.database, id, { siteId: 7, role: 'operator' })
    const body = { batch: [{ type: 'identify', userId: 'seven@example.com', traits: {} }] }
    expect((await callApi(stack, '/v1/batch', { body, key: other })).body).toMatchObject({ stored: 1 })
    expect((await callApi(stack, '/v1/batch?siteId=4', { body, key: other })).status).toBe(404)
    const list = await callApi(stack, '/api/visitors?siteId=7&identified_user=seven@example.com', {
      key: other,
    })
    expect(list.body?.['items']).toHaveLength(1)
  })

  test.each<[string, RequestInit['body'], Record<string, string>, string]>([
    ['no JSON', '{', {}, 'malformed_json'],
    ['no object', '[]', {}, 'validation_failed'],
    ['no array', '{"batch": 1}', {}, 'validation_failed'],
    [
      '2,501 messages',
      JSON.stringify({ batch: Array.from({ length: 2_501 }, () => 1) }),
      {},
      'validation_failed',
    ],
    ['more than 1 MiB', `"${'x'.repeat(1_100_000)}"`, {}, 'body_too_large'],
    ['no gzip', 'x', { 'content-encoding': 'gzip' }, 'malformed_json'],
    ['a small bomb', gzipSync('x'.repeat(3_000_000)), { 'content-encoding': 'gzip' }, 'body_too_large'],
    ['another encoding', '{}', { 'content-encoding': 'br' }, 'unsupported_media_type'],
  ])('is refused with %s', async (_, body, headers, code) => {
    const response = await fetch(new URL('/v1/batch', stack.api), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: body ?? null,
    })
    expect(await response.json()).toMatchObject({ error: { code } })
  })

  test('of an erased visitor stores nothing, and the client does not try again', async () => {
    await send([{ type: 'identify', userId: 'gone@example.com', traits: {} }])
    const { ghost_vid: vid } = await visitorOf('gone@example.com')
    const erase = { method: 'POST', session: admin }
    expect((await callApi(stack, `/api/visitors/${vid}/erase`, erase)).status).toBe(200)
    const again = await send([{ type: 'identify', userId: 'gone@example.com', traits: {} }])
    expect(again).toMatchObject({ status: 200, body: { suppressed: 1 } })
  })
})

test('single calls store what a batch stores, and a refused one says why', async () => {
  const call = (name: string, body: object): Promise<ApiResponse> =>
    callApi(stack, `/v1/${name}`, { body, key })
  const userId = 'single@example.com'
  expect((await call('identify', { userId, traits: { name: 'Single' } })).status).toBe(200)
  expect((await call('track', { userId, event: 'Opened' })).body).toMatchObject({ stored: 1 })
  expect((await call('page', { userId, properties: { path: '/x' } })).body).toMatchObject({ stored: 1 })
  expect(errorCodeOf(await call('track', { userId }))).toBe('validation_failed')
  expect(await visitorOf(userId)).toMatchObject({ name: 'Single', total_pageviews: 1 })
})
