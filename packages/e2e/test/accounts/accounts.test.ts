import { randomUUID } from 'node:crypto'
import { createApiKey, createSessionToken, createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { startMailServer, type MailServer } from '@ghostpost/test-kit/mail-server'
import { callApi, errorCodeOf, type ApiCall, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { openStream } from '@ghostpost/test-kit/processes/open-stream'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const origin = 'https://ghostpost.example.test'
const newPassword = 'a new long pass phrase'
let stack: Stack
let mail: MailServer
/** Admin of site 4 only. */
let admin: { user: TestUser; session: string }

beforeAll(async () => {
  mail = await startMailServer()
  stack = await startStack(
    {
      GHOSTPOST_DASHBOARD_URL: `${origin}/ops`,
      GHOSTPOST_SMTP_URL: mail.url,
      GHOSTPOST_SMTP_FROM: 'Ghostpost <ops@example.test>',
      GHOSTPOST_SIGN_IN_MAX: '1000',
    },
    0,
  )
  admin = await newAdmin([4])
  // Somebody who is admin of every site, so that the rule of the last admin does not get in the way.
  await newAdmin([4, 7])
})

afterAll(async () => {
  await stack.stop()
  await mail.stop()
})

async function newAdmin(sites: number[]): Promise<{ user: TestUser; session: string }> {
  const user = await createUser(stack.database, sites, 'admin')
  return { user, session: await createSessionToken(stack.database, user.id) }
}

const newEmail = (): string => `${randomUUID().slice(0, 8)}@example.test`

function call(path: string, options: ApiCall = {}): Promise<ApiResponse> {
  return callApi(stack, path, { session: admin.session, ...options })
}

const invite = (body: Record<string, unknown>, session = admin.session): Promise<ApiResponse> =>
  call('/api/accounts', { body: { role: 'viewer', ...body }, session })

const signIn = (email: string, password: string): Promise<ApiResponse> =>
  call('/api/session', { body: { email, password }, session: null })

const useLink = (token: string, password = newPassword): Promise<ApiResponse> =>
  call('/api/account-links/use', { body: { token, password }, session: null })

function tokenOf({ body }: ApiResponse): string {
  return new URL(String(body?.['link'])).hash.slice(1)
}

interface Account {
  id: string
  email: string
  role: string
  state: string
  manageable: boolean
}

const accountOf = ({ body }: ApiResponse): Account => (body?.['account'] ?? body) as Account

async function accountWith(email: string): Promise<Account | undefined> {
  const { body } = await call('/api/accounts?siteId=4')
  return ((body?.['items'] ?? []) as Account[]).find((one) => one.email === email)
}

async function lastAudit(): Promise<unknown> {
  const { body } = await call('/api/audit?siteId=4&limit=1')
  return ((body?.['items'] ?? []) as unknown[])[0]
}

describe('an invitation', () => {
  test('makes an account and a link that works once, whose digest alone is stored', async () => {
    const email = newEmail()
    const invited = await invite({ email: email.toUpperCase(), name: 'Ada', role: 'operator' })
    expect(invited.status).toBe(201)
    expect(accountOf(invited)).toMatchObject({ email, name: 'Ada', role: 'operator', state: 'invited' })
    expect(String(invited.body?.['link'])).toMatch(`${origin}/ops/join#`)
    const token = tokenOf(invited)
    const { rows } = await stack.database.pool.query('select l::text as row from account_links l')
    expect(JSON.stringify(rows)).not.toContain(token)
    const read = await call('/api/account-links/read', { body: { token }, session: null })
    expect(read.body).toMatchObject({ purpose: 'invite', email, name: 'Ada' })
    expect((await useLink(token)).status).toBe(204)
    expect((await signIn(email, newPassword)).body).toMatchObject({ sites: [{ id: 4, role: 'operator' }] })
    expect(errorCodeOf(await useLink(token, 'another long password'))).toBe('link_not_found')
    expect((await signIn(email, newPassword)).status).toBe(200)
    expect(await accountWith(email)).toMatchObject({ state: 'active' })
    expect(stack.apiProcess.output()).not.toContain(token)
  })

  test('is sent by e-mail with the same link', async () => {
    const email = newEmail()
    const invited = await invite({ email })
    expect(invited.body).toMatchObject({ emailed: true })
    const sent = mail.emails.find(({ to }) => to.includes(email))
    expect(sent?.text).toContain(String(invited.body?.['link']))
    expect(sent?.text).toContain(admin.user.email)
  })

  test('is made even when the mail server refuses the e-mail', async () => {
    mail.refuseNext(451)
    expect((await invite({ email: newEmail() })).body).toMatchObject({
      emailed: false,
      link: expect.stringContaining('#'),
    })
  })

  test('expires', async () => {
    const token = tokenOf(await invite({ email: newEmail() }))
    await stack.database.pool.query(`update account_links set expires_at = now() - interval '1 s'`)
    expect(errorCodeOf(await useLink(token))).toBe('link_not_found')
    const read = await call('/api/account-links/read', { body: { token }, session: null })
    expect(errorCodeOf(read)).toBe('link_not_found')
  })

  test('accepted twice at the same time is accepted once', async () => {
    const token = tokenOf(await invite({ email: newEmail() }))
    const statuses = await Promise.all([1, 2, 3].map(async () => (await useLink(token)).status))
    expect(statuses.toSorted((one, other) => one - other)).toEqual([204, 404, 404])
  })

  test('leaves an account without a password that nobody can guess', async () => {
    const email = newEmail()
    await invite({ email })
    expect((await signIn(email, ' ')).status).toBe(401)
  })

  test('of an account that has a role in the site is refused', async () => {
    expect(errorCodeOf(await invite({ email: admin.user.email }))).toBe('account_exists')
  })

  test('of an account elsewhere is refused, because its maker would get the role', async () => {
    const other = await createUser(stack.database, [7], 'viewer')
    expect(errorCodeOf(await invite({ email: other.email }))).toBe('account_elsewhere')
    const { session } = await newAdmin([4, 7])
    const given = await invite({ email: other.email }, session)
    expect([given.status, given.body?.['link']]).toEqual([201, null])
    expect((await signIn(other.email, other.password)).body).toMatchObject({ sites: [{ id: 4 }, { id: 7 }] })
  })

  test('of an account without any role forgets its password, its sessions and its keys', async () => {
    const user = await createUser(stack.database, [4], 'viewer')
    const key = await createApiKey(stack.database, user.id, { role: 'viewer' })
    const session = await createSessionToken(stack.database, user.id)
    expect((await call(`/api/accounts/${user.id}?siteId=4`, { method: 'DELETE' })).status).toBe(204)
    const invited = await invite({ email: user.email })
    expect(accountOf(invited)).toMatchObject({ id: user.id, state: 'invited' })
    expect((await signIn(user.email, user.password)).status).toBe(401)
    expect((await call('/api/session', { session })).status).toBe(401)
    expect((await call('/api/session', { session: null, key })).status).toBe(401)
  })

  test.each(['ada', 'a b@example.com', 'ada@', 'ada@example.com\nBcc: x@example.com', '<a@b.c>', 'a@b,c@d'])(
    'to %j is refused',
    async (email) => expect(errorCodeOf(await invite({ email }))).toBe('validation_failed'),
  )

  test('beyond fifty links in an hour has to wait', async () => {
    const { session, user } = await newAdmin([4])
    await stack.database.pool.query(
      `insert into account_links (token_hash, purpose, user_id, created_by, expires_at)
      select decode(md5($1::text || n), 'hex'), 'reset', $1::uuid, $1::uuid, now() + interval '1 day'
      from generate_series(1, 50) n`,
      [user.id],
    )
    const refused = await invite({ email: newEmail() }, session)
    expect([errorCodeOf(refused), refused.headers.get('retry-after')]).toEqual(['rate_limited', '3600'])
  })
})

describe('the role of an account', () => {
  test('changes everywhere within 5 s, and the audit log has it', async () => {
    const user = await createUser(stack.database, [4], 'viewer')
    const changed = await call(`/api/accounts/${user.id}`, { method: 'PATCH', body: { role: 'operator' } })
    expect(accountOf(changed)).toMatchObject({ id: user.id, role: 'operator' })
    expect(await lastAudit()).toMatchObject({
      action: 'account.role_changed',
      user_email: admin.user.email,
      object_id: user.id,
      details: { from: 'viewer', to: 'operator' },
    })
  })

  test('can be taken away, with the keys of the site', async () => {
    const user = await createUser(stack.database, [4, 7], 'operator')
    await createApiKey(stack.database, user.id)
    await createApiKey(stack.database, user.id, { siteId: 7 })
    expect((await call(`/api/accounts/${user.id}?siteId=4`, { method: 'DELETE' })).status).toBe(204)
    const keys = await stack.database.prisma.apiKey.findMany({ where: { userId: user.id } })
    expect(new Map(keys.map(({ siteId, revokedAt }) => [siteId, revokedAt !== null]))).toEqual(
      new Map([
        [4, true],
        [7, false],
      ]),
    )
    expect((await signIn(user.email, user.password)).body).toMatchObject({ sites: [{ id: 7 }] })
  })

  test('in another site is unknown to this one', async () => {
    const other = await createUser(stack.database, [7], 'viewer')
    const change = { method: 'PATCH', body: { role: 'viewer' } }
    expect(errorCodeOf(await call(`/api/accounts/${other.id}`, change))).toBe('account_not_found')
    expect(errorCodeOf(await call('/api/accounts/x', change))).toBe('account_not_found')
    const elsewhere = { method: 'PATCH', body: { role: 'admin', siteId: 7 } }
    expect(errorCodeOf(await call(`/api/accounts/${other.id}`, elsewhere))).toBe('site_not_found')
  })
})

describe('a disabled account', () => {
  test('loses its sessions, streams and keys within 5 s in every process, and gets them back enabled', async () => {
    const other = await stack.startApi()
    const user = await createUser(stack.database, [4], 'operator')
    const session = await createSessionToken(stack.database, user.id)
    const key = await createApiKey(stack.database, user.id)
    const there = { ...stack, api: other.address }
    const statuses = async (): Promise<number[]> => [
      (await callApi(there, '/api/webhook', { session })).status,
      (await callApi(there, '/api/webhook', { session: null, key })).status,
    ]
    expect(await statuses()).toEqual([200, 200])
    const stream = await openStream({ ...there, session })
    const disabled = await call(`/api/accounts/${user.id}/disable?siteId=4`, { method: 'POST' })
    const disabledAt = performance.now()
    expect(accountOf(disabled)).toMatchObject({ state: 'disabled' })
    await waitUntil('the other process knows', async () => (await statuses()).every((one) => one === 401))
    await stream.ended
    expect(performance.now() - disabledAt).toBeLessThan(5_000)
    expect((await signIn(user.email, user.password)).status).toBe(401)
    const again = await call(`/api/accounts/${user.id}/disable?siteId=4`, { method: 'POST' })
    expect(again.status).toBe(200)
    expect(errorCodeOf(await call(`/api/accounts/${user.id}/link?siteId=4`, { method: 'POST' }))).toBe(
      'account_disabled',
    )
    await call(`/api/accounts/${user.id}/enable?siteId=4`, { method: 'POST' })
    await waitUntil('the key works', async () => (await statuses())[1] === 200)
    expect((await statuses())[0]).toBe(401)
    expect((await signIn(user.email, user.password)).status).toBe(200)
    expect(await lastAudit()).toMatchObject({ action: 'session.created' })
    await other.stop()
  })

  test('cannot use the link that it had', async () => {
    const email = newEmail()
    const invited = await invite({ email })
    await call(`/api/accounts/${accountOf(invited).id}/disable?siteId=4`, { method: 'POST' })
    expect(errorCodeOf(await useLink(tokenOf(invited)))).toBe('link_not_found')
  })
})

describe('a link for a new password', () => {
  test('ends the sessions when it is used, and replaces the link before it', async () => {
    const user = await createUser(stack.database, [4], 'viewer')
    const session = await createSessionToken(stack.database, user.id)
    const path = `/api/accounts/${user.id}/link?siteId=4`
    const [first, second] = [await call(path, { method: 'POST' }), await call(path, { method: 'POST' })]
    expect(second.body).toMatchObject({ emailed: true })
    expect((await signIn(user.email, user.password)).status).toBe(200)
    expect(errorCodeOf(await useLink(tokenOf(first)))).toBe('link_not_found')
    expect((await useLink(tokenOf(second))).status).toBe(204)
    expect((await call('/api/session', { session })).status).toBe(401)
    expect((await signIn(user.email, user.password)).status).toBe(401)
    expect((await signIn(user.email, newPassword)).status).toBe(200)
  })

  test('needs a password of twelve characters', async () => {
    const token = tokenOf(await invite({ email: newEmail() }))
    expect(errorCodeOf(await useLink(token, 'elevenchars'))).toBe('validation_failed')
    expect((await useLink(token)).status).toBe(204)
  })
})

test('the audit log has each act on an account with who did it, and no link', async () => {
  const invited = await invite({ email: newEmail() })
  const { id } = accountOf(invited)
  const act = (verb: string): Promise<ApiResponse> =>
    call(`/api/accounts/${id}/${verb}?siteId=4`, { method: 'POST' })
  const token = tokenOf(await act('link'))
  await useLink(token)
  await act('disable')
  await act('enable')
  await call(`/api/accounts/${id}?siteId=4`, { method: 'DELETE' })
  const { rows } = await stack.database.pool.query<{ action: string; user_id: string; details: unknown }>(
    'select action, user_id, details from audit_log where object_id = $1 order by id',
    [id],
  )
  const [manager, owner] = [admin.user.id, id]
  expect(rows.map(({ action, user_id: by }) => [action, by])).toEqual([
    ['account.invited', manager],
    ['account.link_created', manager],
    ['password.set', owner],
    ['account.disabled', manager],
    ['account.enabled', manager],
    ['account.removed', manager],
  ])
  expect(JSON.stringify(rows)).not.toContain(token)
})

describe('an admin of one site', () => {
  test.each(['disable', 'enable', 'link'])(
    'may not %s an account that has a role in another site, too: it could become it',
    async (verb) => {
      const { user } = await newAdmin([4, 7])
      const refused = await call(`/api/accounts/${user.id}/${verb}?siteId=4`, { method: 'POST' })
      expect(errorCodeOf(refused)).toBe('forbidden')
      expect(await accountWith(user.email)).toMatchObject({ manageable: false })
    },
  )

  test('may not disable their own account', async () => {
    const refused = await call(`/api/accounts/${admin.user.id}/disable?siteId=4`, { method: 'POST' })
    expect(errorCodeOf(refused)).toBe('own_account')
  })
})

describe('the last admin of every site who can sign in', () => {
  let last: { user: TestUser; session: string }

  beforeAll(async () => {
    await stack.database.pool.query(`update memberships set role = 'viewer' where role = 'admin'`)
    last = await newAdmin([4, 7])
  })

  test.each([
    [
      'be demoted',
      (id: string) => call(`/api/accounts/${id}`, { method: 'PATCH', body: { role: 'viewer' } }),
    ],
    ['be removed', (id: string) => call(`/api/accounts/${id}?siteId=7`, { method: 'DELETE' })],
  ])('cannot %s, not even with an invited admin beside them', async (_what, change) => {
    admin = last
    await invite({ email: newEmail(), role: 'admin' })
    expect(errorCodeOf(await change(last.user.id))).toBe('last_admin')
  })

  test('stays when two admins demote each other at the same time', async () => {
    const other = await newAdmin([4, 7])
    const demote = (by: string, id: string): Promise<ApiResponse> =>
      call(`/api/accounts/${id}`, { method: 'PATCH', body: { role: 'viewer' }, session: by })
    const codes = await Promise.all([
      demote(last.session, other.user.id),
      demote(other.session, last.user.id),
    ])
    const [first, second = 0] = codes.map((one) => one.status).toSorted((one, two) => one - two)
    // The second one is the last admin, or is no admin any more.
    expect([first, [403, 409].includes(second), second]).toEqual([200, true, second])
  })
})

describe('an installation without accounts', () => {
  let printed: string

  beforeAll(async () => {
    await stack.database.pool.query('truncate users cascade')
    const api = await stack.startApi()
    stack = { ...stack, api: api.address, apiProcess: api }
    await waitUntil('the link is printed', () => api.output().includes('/ops/setup#'))
    printed = /https:\S+\/ops\/setup#(\S+)/.exec(api.output())?.[1] ?? ''
  })

  const setUp = (changes: Record<string, unknown> = {}): Promise<ApiResponse> => {
    const body = { email: 'First@example.test', name: 'First', password: newPassword, site_name: 'Shop' }
    return call('/api/setup', { body: { token: printed, ...body, ...changes }, session: null })
  }

  test('says so, and is set up only with the printed link, once', async () => {
    const options = await call('/api/sign-in', { session: null })
    expect(options.body).toMatchObject({ setup_needed: true })
    expect(errorCodeOf(await setUp({ token: 'guessed' }))).toBe('link_not_found')
    expect(errorCodeOf(await setUp({ password: 'short' }))).toBe('validation_failed')
    const all = await Promise.all([setUp(), setUp({ email: 'second@example.test' })])
    expect(all.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409])
    expect(errorCodeOf(await setUp())).toBe('setup_done')
    expect(await stack.database.prisma.user.count()).toBe(1)
    const { email } = await stack.database.prisma.user.findFirstOrThrow()
    expect((await signIn(email, newPassword)).body).toMatchObject({
      sites: [
        { id: 4, role: 'admin' },
        { id: 7, role: 'admin' },
      ],
    })
    expect((await call('/api/sign-in', { session: null })).body).toMatchObject({ setup_needed: false })
  })

  test('prints no link once it has an account', async () => {
    const api = await stack.startApi()
    await waitUntil('it has started', () => api.output().includes('api started'))
    expect(api.output()).not.toContain('/setup#')
    await api.stop()
  })

  test('leads from / to the dashboard', async () => {
    const response = await fetch(new URL('/', stack.api), { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([302, '/ops/'])
  })
})
