import { createSessionToken, createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack(
    { GHOSTPOST_COOKIE_SECURE: 'true', GHOSTPOST_SIGN_IN_MAX: '8', GHOSTPOST_TRUST_PROXY: 'true' },
    0,
  )
})

afterAll(() => stack.stop())

test('signing in sets a cookie scripts cannot read, and signing out ends it everywhere', async () => {
  const { email, password } = stack.user
  const signedIn = await callApi(stack, '/api/session', { body: { email, password }, session: null })
  expect(signedIn.status).toBe(200)
  expect(signedIn.body).toMatchObject({ user: { email }, sites: [{ id: 4, role: 'operator' }] })
  const cookie = signedIn.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  const session = /session=([^;]+)/.exec(cookie)?.[1] ?? ''

  expect((await callApi(stack, '/api/session', { session })).body).toMatchObject({ user: { email } })
  expect((await callApi(stack, '/api/webhook', { session })).status).toBe(200)
  const signedOut = await callApi(stack, '/api/session', { method: 'DELETE', session })
  expect(signedOut.status).toBe(204)
  expect(signedOut.headers.get('set-cookie')).toMatch(/^session=; /)
  expect((await callApi(stack, '/api/webhook', { session })).status).toBe(401)
})

test('a wrong password and an unknown account get the same response', async () => {
  const wrong = { email: stack.user.email, password: 'wrong' }
  const unknown = { email: 'nobody@example.test', password: 'wrong' }
  for (const body of [wrong, unknown]) {
    const refused = await callApi(stack, '/api/session', { body, session: null })
    expect(refused.status).toBe(401)
    expect(refused.body).toMatchObject({
      error: { code: 'invalid_credentials', message: 'The e-mail address or the password is wrong.' },
    })
    expect(refused.headers.get('set-cookie')).toBeNull()
  }
})

test('signing in creates a new token and ends the sent one', async () => {
  const { email, password } = stack.user
  const planted = await createSessionToken(stack.database, stack.user.id)
  const signedIn = await callApi(stack, '/api/session', { body: { email, password }, session: planted })
  const session = /session=([^;]+)/.exec(signedIn.headers.get('set-cookie') ?? '')?.[1] ?? ''
  expect(session).not.toBe(planted)
  expect((await callApi(stack, '/api/session', { session })).status).toBe(200)
  expect((await callApi(stack, '/api/session', { session: planted })).status).toBe(401)
})

describe('a person', () => {
  const from = (ip: string) => ({ 'x-forwarded-for': ip })

  async function signIn(
    { email, password }: Pick<TestUser, 'email' | 'password'>,
    ip = '192.0.2.1',
  ): Promise<ApiResponse> {
    return callApi(stack, '/api/session', { body: { email, password }, session: null, headers: from(ip) })
  }

  const tokenOf = ({ headers }: ApiResponse): string =>
    /session=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? ''

  test('sees and ends their own sessions, and nobody else’s', async () => {
    const [ada, bob] = [await createUser(stack.database, [4]), await createUser(stack.database, [4])]
    const [session, other] = [tokenOf(await signIn(ada)), tokenOf(await signIn(ada, '2001:db8:7:7::1'))]
    const foreign = tokenOf(await signIn(bob, '192.0.2.2'))
    const listed = await callApi(stack, '/api/sessions', { session })
    expect(listed.body).toMatchObject({
      items: [
        { network: '192.0.2.1', user_agent: 'node', current: true },
        { network: '2001:db8:7:7::/64', current: false },
      ],
    })
    for (const token of [session, other]) expect(listed.text).not.toContain(token)
    const { items } = listed.body as { items: { id: string }[] }
    const path = `/api/sessions/${items[1]?.id}`
    const refused = await callApi(stack, path, { method: 'DELETE', session: foreign })
    expect([refused.status, errorCodeOf(refused)]).toEqual([404, 'session_not_found'])
    expect((await callApi(stack, path, { method: 'DELETE', session })).status).toBe(204)
    const after = [session, other, foreign].map((token) => callApi(stack, '/api/session', { session: token }))
    expect((await Promise.all(after)).map(({ status }) => status)).toEqual([200, 401, 200])
  })

  test('changes the password, which ends all other sessions', async () => {
    const ada = await createUser(stack.database, [4])
    const session = await createSessionToken(stack.database, ada.id)
    const stolen = await createSessionToken(stack.database, ada.id)
    const change = (body: object): Promise<ApiResponse> =>
      callApi(stack, '/api/account/password', { method: 'PUT', body, session, headers: from('192.0.2.3') })
    const body = { current_password: ada.password, new_password: 'a new long password' }
    expect((await change({ ...body, new_password: 'short' })).status).toBe(400)
    const wrong = await change({ ...body, current_password: 'not the password' })
    expect([wrong.status, errorCodeOf(wrong)]).toEqual([403, 'wrong_password'])
    expect((await change(body)).status).toBe(204)
    const after = [session, stolen].map((token) => callApi(stack, '/api/session', { session: token }))
    expect((await Promise.all(after)).map(({ status }) => status)).toEqual([200, 401])
    expect((await signIn(ada, '192.0.2.4')).status).toBe(401)
    expect((await signIn({ ...ada, password: body.new_password }, '192.0.2.4')).status).toBe(200)
  })

  test('signs in from their own network while another one guesses their password', async () => {
    const ada = await createUser(stack.database, [4])
    const guesses: ApiResponse[] = []
    for (let guess = 0; guess < 6; guess += 1)
      guesses.push(await signIn({ ...ada, password: `guess ${guess}` }, '203.0.113.9'))
    const slowed = guesses.at(-1)
    expect([guesses[4]?.status, slowed?.status]).toEqual([401, 429])
    expect(Number(slowed?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await signIn(ada, '198.51.100.7')).status).toBe(200)
  })

  test('signs in, and signed-in people work, while sixty networks try many passwords', async () => {
    const ada = await createUser(stack.database, [4])
    const flood = Array.from({ length: 300 }, (_guess, guess) =>
      signIn({ ...ada, password: `guess ${guess}` }, `2001:db8:${(guess % 60).toString(16)}:1::1`),
    )
    const [signedIn, read] = await Promise.all([signIn(ada, '198.51.100.8'), callApi(stack, '/api/session')])
    expect([signedIn.status, read.status]).toEqual([200, 200])
    const responses = await Promise.all(flood)
    expect(responses.filter(({ status }) => ![401, 429, 503].includes(status))).toEqual([])
    const refused = responses.filter(({ status }) => status !== 401)
    expect(refused.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true)
  })
})

test('too many attempts from one address are refused for a while', async () => {
  const body = { email: stack.user.email, password: 'wrong' }
  const tries = await Promise.all(
    Array.from({ length: 10 }, () => callApi(stack, '/api/session', { body, session: null })),
  )
  const limited = tries.filter(({ status }) => status === 429)
  expect(limited.length).toBeGreaterThan(0)
  expect(limited[0]?.body).toMatchObject({ success: false, error: { code: 'rate_limited' } })
  expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})
