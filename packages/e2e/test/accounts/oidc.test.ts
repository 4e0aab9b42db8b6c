import { createApiKey, createUser } from '@ghostpost/test-kit/accounts'
import { startOidcProvider, type OidcProvider, type TokenChange } from '@ghostpost/test-kit/oidc-provider'
import { callApi, errorCodeOf } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** The dashboard as browsers would reach it; the tests call the API at its own address. */
const origin = 'https://ghostpost.example.test'
let provider: OidcProvider
let stack: Stack
let count = 0

beforeAll(async () => {
  provider = await startOidcProvider(`${origin}/api/oidc/callback`)
  stack = await startStack(
    {
      ...provider.settings,
      GHOSTPOST_DASHBOARD_URL: `${origin}/ops`,
      GHOSTPOST_OIDC_ROLES: 'admin@*:Ghostpost admins; operator@4:sales; viewer@7:sales',
      GHOSTPOST_SIGN_IN_MAX: '1000',
    },
    0,
  )
})

afterAll(async () => {
  await stack.stop()
  await provider.stop()
})

beforeEach(() => {
  count += 1
  provider.change = null
  provider.person = { ...newPerson(), groups: ['sales'] }
})

function newPerson(): { sub: string; email: string; email_verified: boolean; name: string } {
  return { sub: `p${count}`, email: `p${count}@example.test`, email_verified: true, name: `Person ${count}` }
}

interface Begun {
  url: string
  cookie: string
}

async function begin(path = '', api = stack.api): Promise<Begun> {
  const response = await fetch(new URL(`/api/oidc/start${path}`, api), { redirect: 'manual' })
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { url: response.headers.get('location') ?? '', cookie }
}

interface Finished {
  location: string
  /** The session's token; null when there is none. */
  session: string | null
}

async function finish(callback: string, cookie: string, api = stack.api): Promise<Finished> {
  const { pathname, search } = new URL(callback)
  const response = await fetch(new URL(pathname + search, api), { redirect: 'manual', headers: { cookie } })
  const set = response.headers.getSetCookie().map((line) => /^session=([^;]+)/.exec(line)?.[1])
  return {
    location: response.headers.get('location') ?? String(response.status),
    session: set.find((token) => token !== undefined) ?? null,
  }
}

async function signIn(path = ''): Promise<Finished> {
  const { url, cookie } = await begin(path)
  return finish(await provider.signIn(url), cookie)
}

const failed = (reason: string): Finished => ({
  location: `${origin}/ops/sign-in?failed=${reason}`,
  session: null,
})

async function rolesWith(session: string | null): Promise<Record<number, string>> {
  const { body } = await callApi(stack, '/api/session', { session })
  const sites = (body?.['sites'] ?? []) as { id: number; role: string }[]
  return Object.fromEntries(sites.map(({ id, role }) => [id, role]))
}

test('a person signs in through the issuer, with the roles of their groups, and returns to the page', async () => {
  const { location, session } = await signIn('?return=/ops/deliveries?status=failed')
  expect(location).toBe(`${origin}/ops/deliveries?status=failed`)
  const { body } = await callApi(stack, '/api/session', { session })
  expect(body).toMatchObject({ user: { email: provider.person.email, name: provider.person.name } })
  expect(await rolesWith(session)).toEqual({ 4: 'operator', 7: 'viewer' })
  const options = await callApi(stack, '/api/sign-in', { session: null })
  expect(options.body).toEqual({ password: true, oidc: true, setup_needed: false })
})

test('the request to the issuer has PKCE, a state and a nonce, and each sign-in its own', async () => {
  const [one, other] = [await begin(), await begin()].map(({ url }) => new URL(url).searchParams)
  expect(one?.get('code_challenge_method')).toBe('S256')
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect([name, (one?.get(name) ?? '').length > 20, one?.get(name) !== other?.get(name)]).toEqual([
      name,
      true,
      true,
    ])
})

test('each sign-in sets the roles anew, and a person without a role is refused', async () => {
  const first = await signIn()
  provider.person.groups = ['Ghostpost admins']
  expect(await rolesWith((await signIn()).session)).toEqual({ 4: 'admin', 7: 'admin' })
  provider.person.groups = ['other']
  // The last admin stays one, so another one exists first.
  await createUser(stack.database, [4, 7], 'admin')
  expect(await signIn()).toEqual(failed('no_role'))
  const sessions = await callApi(stack, '/api/deliveries?siteId=4', { session: first.session })
  expect([200, 404]).toContain(sessions.status)
})

test('a person without an account and without a group that gives a role is refused', async () => {
  provider.person.groups = []
  expect(await signIn()).toEqual(failed('no_account'))
  expect(await stack.database.prisma.user.count({ where: { email: provider.person.email ?? '' } })).toBe(0)
})

describe('an account that exists with the e-mail address', () => {
  test('is taken over when the issuer verified the address; its password and sessions end', async () => {
    const user = await createUser(stack.database, [4], 'viewer')
    const before = await callApi(stack, '/api/session', {
      body: { email: user.email, password: user.password },
      session: null,
    })
    const old = /session=([^;]+)/.exec(before.headers.get('set-cookie') ?? '')?.[1] ?? ''
    provider.person.email = user.email.toUpperCase()
    const { session } = await signIn()
    expect(await rolesWith(session)).toEqual({ 4: 'operator', 7: 'viewer' })
    const again = { body: { email: user.email, password: user.password }, session: null }
    expect((await callApi(stack, '/api/session', again)).status).toBe(401)
    await stack.database.prisma.session.findFirstOrThrow({
      where: { userId: user.id, revokedAt: { not: null } },
    })
    expect(old).not.toBe('')
    const linked = { action: 'account.linked', objectId: user.id }
    await stack.database.prisma.auditEntry.findFirstOrThrow({ where: linked })
  })

  test('is not given to a person whose address the issuer did not verify', async () => {
    const user = await createUser(stack.database, [4], 'viewer')
    provider.person = { ...provider.person, email: user.email, email_verified: false }
    expect(await signIn()).toEqual(failed('email_not_verified'))
  })

  test('is not given to another person who got the address later', async () => {
    await signIn()
    provider.person = { ...provider.person, sub: 'somebody else' }
    expect(await signIn()).toEqual(failed('other_identity'))
  })

  test('and is disabled stays out', async () => {
    await signIn()
    await stack.database.prisma.user.update({
      where: { email: provider.person.email ?? '' },
      data: { disabledAt: new Date() },
    })
    expect(await signIn()).toEqual(failed('disabled'))
  })
})

const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds

describe('an ID token is refused', () => {
  test.each<[string, TokenChange]>([
    ['with another nonce', { claims: (claims) => ({ ...claims, nonce: 'another' }) }],
    ['without a nonce', { claims: ({ nonce: _nonce, ...claims }) => claims }],
    ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://id.example.test' }) }],
    ['for another audience', { claims: (claims) => ({ ...claims, aud: 'another' }) }],
    [
      'for several audiences, without us as the party',
      { claims: (claims) => ({ ...claims, aud: ['x', 'ghostpost'] }) },
    ],
    ['that is not signed (alg: none)', { signature: 'none' }],
    ['signed with a key that the issuer does not publish', { signature: 'unknown' }],
    ['that expired ten minutes ago', { claims: (claims) => ({ ...claims, exp: soon(-600) }) }],
    ['that is valid in ten minutes only', { claims: (claims) => ({ ...claims, nbf: soon(600) }) }],
    ['without an expiry', { claims: ({ exp: _exp, ...claims }) => claims }],
    ['without a subject', { claims: ({ sub: _sub, ...claims }) => claims }],
    ['whose subject is not that of the user info', { claims: (claims) => ({ ...claims, sub: 'another' }) }],
  ])('%s', async (_what, change) => {
    provider.change = change
    expect(await signIn()).toEqual(failed('invalid'))
    expect(await stack.database.prisma.user.count({ where: { email: provider.person.email ?? '' } })).toBe(0)
  })
})

test('clocks that differ by almost five minutes in either direction do not matter', async () => {
  provider.change = { claims: (claims) => ({ ...claims, iat: soon(290), nbf: soon(290), exp: soon(890) }) }
  expect((await signIn()).session).not.toBeNull()
  provider.change = { claims: (claims) => ({ ...claims, iat: soon(-890), exp: soon(-290) }) }
  expect((await signIn()).session).not.toBeNull()
})

test('after a change of the issuer’s keys people sign in at once', async () => {
  expect((await signIn()).session).not.toBeNull()
  await provider.rollKeys()
  expect((await signIn()).session).not.toBeNull()
})

describe('coming back from the issuer is refused', () => {
  test('with the state of another sign-in', async () => {
    const [mine, other] = [await begin(), await begin()]
    expect(await finish(await provider.signIn(other.url), mine.cookie)).toEqual(failed('invalid'))
  })

  test('in a browser that began no sign-in', async () => {
    const { url } = await begin()
    expect(await finish(await provider.signIn(url), '')).toEqual(failed('expired'))
  })

  test('a second time with the same code', async () => {
    const { url, cookie } = await begin()
    const callback = await provider.signIn(url)
    expect((await finish(callback, cookie)).session).not.toBeNull()
    expect(await finish(callback, cookie)).toEqual(failed('invalid'))
  })

  test('with the verifier of another sign-in', async () => {
    const { url, cookie } = await begin()
    const flow = JSON.parse(Buffer.from(cookie.replace(/^oidc=/, ''), 'base64url').toString()) as object
    const changed = { ...flow, codeVerifier: 'a'.repeat(43) }
    const planted = `oidc=${Buffer.from(JSON.stringify(changed)).toString('base64url')}`
    expect(await finish(await provider.signIn(url), planted)).toEqual(failed('invalid'))
  })

  test('with an error of the issuer, whose text is shown nowhere', async () => {
    const { url, cookie } = await begin()
    const state = new URL(url).searchParams.get('state') ?? ''
    const query = new URLSearchParams({ error: 'access_denied', error_description: '<b>x</b>', state })
    query.set('iss', provider.issuer)
    expect(await finish(`${origin}/api/oidc/callback?${query}`, cookie)).toEqual(failed('denied'))
  })

  test.each(['oidc=', 'oidc=!!', 'oidc=bnVsbA', 'oidc=e30'])('with the cookie %s', async (cookie) => {
    expect(await finish(`${origin}/api/oidc/callback?code=x&state=y`, cookie)).toEqual(failed('expired'))
  })
})

test.each(['//evil.example.test', 'https://evil.example.test', '/\\evil.example.test', '/ops/../..//evil'])(
  'the page to return to, %s, leads nowhere else',
  async (path) => {
    const response = await fetch(new URL(`/api/oidc/start?return=${encodeURIComponent(path)}`, stack.api), {
      redirect: 'manual',
    })
    if (response.status === 400) return
    const { location } = await signIn(`?return=${encodeURIComponent(path)}`)
    expect(new URL(location).origin).toBe(origin)
  },
)

test('a sign-in ends the session that the browser had', async () => {
  const { url, cookie } = await begin()
  const finished = await finish(await provider.signIn(url), `${cookie}; session=${stack.session}`)
  expect(finished.session).not.toBeNull()
  expect((await callApi(stack, '/api/session')).status).toBe(401)
})

test('with GHOSTPOST_PASSWORD_SIGN_IN=false nobody signs in with a password, and keys still work', async () => {
  const api = await stack.startApi({ GHOSTPOST_PASSWORD_SIGN_IN: 'false', GHOSTPOST_OIDC_ROLES: '' })
  const there = { ...stack, api: api.address }
  const { email, password } = await createUser(stack.database, [4], 'admin')
  const signedIn = await callApi(there, '/api/session', { body: { email, password }, session: null })
  expect(errorCodeOf(signedIn)).toBe('password_sign_in_off')
  const key = await createApiKey(stack.database, (await createUser(stack.database, [4])).id)
  expect((await callApi(there, '/api/webhook', { key })).status).toBe(200)
  const use = { body: { token: 'x', password: 'a long enough password' }, session: null }
  expect(errorCodeOf(await callApi(there, '/api/account-links/use', use))).toBe('password_sign_in_off')
  provider.person.email = email
  const { url, cookie } = await begin('', api.address)
  const { session } = await finish(await provider.signIn(url), cookie, api.address)
  const invite = { body: { email: `invited${count}@example.test`, role: 'viewer' }, session }
  // Without GHOSTPOST_OIDC_ROLES admins give the roles, and an invitation needs no link.
  expect((await callApi(there, '/api/accounts', invite)).body).toMatchObject({ link: null, emailed: false })
  provider.person = { ...provider.person, sub: `invited${count}`, email: `invited${count}@example.test` }
  const begun = await begin('', api.address)
  const invited = await finish(await provider.signIn(begun.url), begun.cookie, api.address)
  expect(await rolesWith(invited.session)).toEqual({ 4: 'viewer' })
  await api.stop()
})

test('an issuer that is down leads back to the sign-in page', async () => {
  const api = await stack.startApi({ GHOSTPOST_OIDC_ISSUER: 'http://127.0.0.1:9' })
  expect((await begin('', api.address)).url).toBe(`${origin}/ops/sign-in?failed=unavailable`)
  await api.stop()
})

test('no token, code or secret is in the log', () => {
  const log = stack.apiProcess.output()
  expect(log).toContain('oidc_refused')
  expect(log).not.toMatch(/eyJ[\w-]{20}|code=|a secret of the tests/)
})
