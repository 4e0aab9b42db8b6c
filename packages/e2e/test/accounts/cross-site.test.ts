import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { getFrom } from '@ghostpost/test-kit/processes/raw-connection'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const trusted = 'https://ops.example.com'
let stack: Stack

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_TRUSTED_ORIGINS: `https://other.example.com ${trusted}` }, 0)
})

afterAll(() => stack.stop())

/** The status, and the error code if there is one. */
async function write(headers: Record<string, string>): Promise<unknown[]> {
  const call = { body: exportBody(stack), headers: { prefer: 'respond-async', ...headers } }
  const { status, body } = await callApi(stack, '/api/webhook', call)
  const error = body?.['error'] as { code: string } | undefined
  return error ? [status, error.code] : [status]
}

describe('a write with a session cookie', () => {
  test.each([
    ['a program', {}],
    ['a page of ours', { 'sec-fetch-site': 'same-origin' }],
    ['a navigation by the user', { 'sec-fetch-site': 'none' }],
    [
      'a page of ours behind a proxy that changes Host',
      { 'sec-fetch-site': 'same-origin', origin: 'https://x.test' },
    ],
    ['a page of a trusted origin', { 'sec-fetch-site': 'cross-site', origin: trusted }],
    ['a page of a trusted sibling', { 'sec-fetch-site': 'same-site', origin: trusted }],
  ])('by %s passes', async (_who, headers) => {
    expect(await write(headers)).toEqual([202])
  })

  test('by an old browser from our own page passes', async () => {
    expect(await write({ origin: stack.api })).toEqual([202])
  })

  test.each([
    ['another site’s page', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site’s page', { 'sec-fetch-site': 'same-site', origin: 'https://blog.example.com' }],
    ['a browser with an unknown value', { 'sec-fetch-site': 'who-knows' }],
    ['an old browser’s page of another site', { origin: 'https://evil.example' }],
    ['an old browser’s page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page', { origin: 'null' }],
    ['nonsense', { origin: 'not an origin' }],
    ['an origin that only begins like a trusted one', { origin: `${trusted}.evil.example` }],
  ])('by %s is refused', async (_who, headers) => {
    expect(await write(headers)).toEqual([403, 'cross_site'])
  })

  test('that is refused stores nothing and is refused before the session check', async () => {
    const before = await stack.database.prisma.delivery.count()
    const headers = { 'sec-fetch-site': 'cross-site' }
    const call = { body: exportBody(stack), headers, session: null }
    expect((await callApi(stack, '/api/webhook', call)).status).toBe(403)
    expect(await stack.database.prisma.delivery.count()).toBe(before)
  })
})

test('reading passes, and no other page may read the response', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  const read = await callApi(stack, '/api/webhook', { headers })
  expect(read.status).toBe(200)
  expect(read.headers.get('access-control-allow-origin')).toBeNull()
})

describe('a download of the log', () => {
  const exports = [
    '/api/deliveries/export',
    '/api/operations/0190a000-0000-7000-8000-000000000000/items/export',
  ]

  test.each([
    ['another site’s link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['a sibling site’s link', { 'sec-fetch-site': 'same-site' }],
    [
      'an old browser’s link from another site',
      { accept: 'text/html,*/*', referer: 'https://evil.example/' },
    ],
    ['an old browser’s link without a referrer', { accept: 'text/html,*/*' }],
  ])('by %s is refused and has no effect', async (_who, headers) => {
    for (const path of [...exports, '/api/stream']) {
      const { status, body } = await callApi(stack, path, { headers })
      expect([status, body]).toMatchObject([403, { error: { code: 'cross_site' } }])
    }
    expect(await stack.database.prisma.auditEntry.count({ where: { action: 'log.exported' } })).toBe(0)
  })

  test('by HEAD is refused and has no effect', async () => {
    for (const path of exports)
      expect([404, 405]).toContain((await callApi(stack, path, { method: 'HEAD' })).status)
    expect(await stack.database.prisma.auditEntry.count({ where: { action: 'log.exported' } })).toBe(0)
  })

  test.each([
    ['a program', {}],
    ['a page of ours', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' }],
    ['a person’s own act', { 'sec-fetch-site': 'none' }],
  ])('by %s passes', async (_who, headers) => {
    expect((await callApi(stack, '/api/deliveries/export', { headers })).status).toBe(200)
  })

  test('by an old browser from our own page passes', async () => {
    const headers = { accept: 'text/html,*/*', referer: `${stack.api}/ops/deliveries` }
    expect((await callApi(stack, '/api/deliveries/export', { headers })).status).toBe(200)
  })
})

describe('a request for a host', () => {
  const statusFor = (host: string, path = '/api/session', api = stack.api): Promise<number | null> =>
    getFrom(api, '127.0.0.1', path, { host, cookie: `session=${stack.session}` })

  test.each(['localhost', '127.0.0.1:4080', '[::1]', 'api:4080', 'analytics.ghostid.ai'])(
    'that is ours passes: %s',
    async (host) => expect(await statusFor(host)).toBe(200),
  )

  test.each(['evil.example', 'rebind.127.0.0.1.nip.io:4080', 'analytics.ghostid.ai.evil.example'])(
    'that another one may point at us is refused: %s',
    async (host) => {
      expect(await statusFor(host)).toBe(421)
      expect(await statusFor(host, '/ops/')).toBe(421)
      expect(await statusFor(host, '/healthz')).toBe(200)
    },
  )

  test('that the operator has allowed passes', async () => {
    const { address } = await stack.startApi({ GHOSTPOST_ALLOWED_HOSTS: 'ghostpost.example.com' })
    expect(await statusFor('ghostpost.example.com', '/api/session', address)).toBe(200)
    expect(await statusFor('evil.example', '/api/session', address)).toBe(421)
  })
})

test('signing in from another site’s page is refused', async () => {
  const { email, password } = stack.user
  const headers = { 'sec-fetch-site': 'cross-site' }
  const refused = await callApi(stack, '/api/session', { body: { email, password }, headers, session: null })
  expect(refused.status).toBe(403)
  expect(refused.headers.get('set-cookie')).toBeNull()
})

describe('the headers of every response', () => {
  test.each(['/api/webhook', '/api/nothing', '/healthz', '/openapi.json'])('%s', async (path) => {
    const { headers } = await callApi(stack, path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy':
        "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  test('over HTTPS require HTTPS for later requests', async () => {
    const { address } = await stack.startApi({ GHOSTPOST_COOKIE_SECURE: 'true' })
    const { headers } = await callApi({ ...stack, api: address }, '/healthz')
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
  })

  test('let the page at /docs run its own scripts and no others', async () => {
    const { status, headers } = await callApi(stack, '/docs/', { session: null })
    expect(status).toBe(200)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/script-src 'self'/)
    expect(policy).not.toMatch(/script-src [^;]*unsafe/)
  })
})
