import { createSessionToken } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_COOKIE_SECURE: 'true', GHOSTPOST_SIGN_IN_MAX: '6' }, 0)
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

test('too many attempts from one address are refused for a while', async () => {
  const body = { email: stack.user.email, password: 'wrong' }
  const tries = await Promise.all(
    Array.from({ length: 8 }, () => callApi(stack, '/api/session', { body, session: null })),
  )
  const limited = tries.filter(({ status }) => status === 429)
  expect(limited.length).toBeGreaterThan(0)
  expect(limited[0]?.body).toMatchObject({ success: false, error: { code: 'rate_limited' } })
  expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})
