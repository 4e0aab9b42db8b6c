import {
  hashPassword,
  isPasswordCorrect,
  openPasswordChecks,
  openSessions,
  sessionsMax,
  type AccountTries,
  type Sessions,
  type SignInRequest,
  type SignInResult,
} from '@ghostpost/infrastructure/accounts'
import { createSessionToken, createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

const hour = 3_600_000
const caller = { requestId: 'r-1', ip: '192.0.2.7' }
const userAgent = 'Firefox/150'
let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

async function signIn(
  sessions: Sessions,
  email: string,
  password: string,
  changes: Partial<SignInRequest> = {},
): Promise<SignInResult> {
  return sessions.create({ ...caller, email, password, userAgent, ...changes })
}

/** The token of a new session of this user. */
async function tokenOf(sessions: Sessions, { email, password } = user): Promise<string> {
  const result = await signIn(sessions, email, password)
  return result.kind === 'signed_in' ? result.token : ''
}

afterEach(() => void vi.useRealTimers())

afterAll(() => database.drop())

test('a correct password creates a session that is found again', async () => {
  const sessions = openSessions(database, hour)
  const created = await signIn(sessions, user.email.toUpperCase(), user.password)
  const view = { user: { email: user.email }, sites: [{ id: 4, role: 'operator' }] }
  expect(created).toMatchObject({ kind: 'signed_in', view })
  const token = created.kind === 'signed_in' ? created.token : ''
  expect(await sessions.find(token)).toMatchObject({ userId: user.id })
})

test('a wrong password and an unknown account have the same result', async () => {
  const sessions = openSessions(database, hour)
  expect(await signIn(sessions, user.email, 'wrong')).toEqual({ kind: 'wrong' })
  expect(await signIn(sessions, 'nobody@example.test', user.password)).toEqual({ kind: 'wrong' })
})

test('an unknown account costs about as much time as a wrong password', async () => {
  const tries: AccountTries = { next: () => ({ kind: 'go' }), fail: () => {}, succeed: () => {} }
  const sessions = openSessions(database, hour, { passwords: openPasswordChecks({ tries }) })
  const costs = { known: 0, unknown: 0 }
  const measure = async (account: keyof typeof costs, email: string): Promise<void> => {
    const startedAt = performance.now()
    await signIn(sessions, email, 'wrong')
    costs[account] += performance.now() - startedAt
  }
  await signIn(sessions, user.email, 'wrong')
  // In turns, so that a busy machine slows both alike.
  for (let round = 0; round < 5; round += 1) {
    await measure('known', user.email)
    await measure('unknown', 'nobody@example.test')
  }
  expect(costs.unknown).toBeGreaterThan(costs.known / 5)
})

test('only a digest of the token is stored', async () => {
  const token = await tokenOf(openSessions(database, hour))
  const { rows } = await database.pool.query<{ t: string }>(`select sessions::text as t from sessions`)
  const hex = Buffer.from(token).toString('hex')
  expect(rows.map(({ t }) => t).join()).not.toContain(hex)
  expect(rows.map(({ t }) => t).join()).not.toContain(token)
})

test.each(['expired', 'revoked'] as const)('an %s session is not found', async (state) => {
  const token = await createSessionToken(database, user.id, state)
  expect(await openSessions(database, hour).find(token)).toBeNull()
})

test('a session revoked by another process stops working within five seconds', async () => {
  const clock = { now: Date.now() }
  const here = openSessions(database, hour, { now: () => clock.now })
  const token = await createSessionToken(database, user.id)
  expect(await here.find(token)).not.toBeNull()
  await openSessions(database, hour).revoke(token, caller)
  clock.now += 5_000
  expect(await here.find(token)).toBeNull()
})

test('a clock that is set back an hour extends no revoked session and shortens no session', async () => {
  const here = openSessions(database, hour)
  const token = await createSessionToken(database, user.id)
  expect(await here.find(token)).not.toBeNull()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 2 * hour })
  await openSessions(database, hour).revoke(token, caller)
  await waitUntil('it stops working', async () => (await here.find(token)) === null)
  expect(await here.find(await tokenOf(here))).not.toBeNull()
})

test('a session revoked here stops working at once', async () => {
  const sessions = openSessions(database, hour)
  const token = await createSessionToken(database, user.id)
  await sessions.find(token)
  await sessions.revoke(token, caller)
  expect(await sessions.find(token)).toBeNull()
})

test('passwords are hashed by Argon2id with at least OWASP’s cost', async () => {
  const phc = await hashPassword('correct horse')
  const [, memory, time] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(phc) ?? []
  expect(Number(memory)).toBeGreaterThanOrEqual(19_456)
  expect(Number(time)).toBeGreaterThanOrEqual(2)
  expect(await isPasswordCorrect(phc, 'correct horse')).toBe(true)
  expect(await isPasswordCorrect(phc, 'correct hors')).toBe(false)
  expect(await isPasswordCorrect(null, 'correct horse')).toBe(false)
})

describe('the sessions of a user', () => {
  let own: TestUser
  let sessions: Sessions
  const actor = () => ({ ...caller, userId: own.id })

  beforeEach(async () => {
    own = await createUser(database, [4])
    sessions = openSessions(database, hour)
  })

  test('are listed with where and when they were created, the current one first, without tokens', async () => {
    const first = await tokenOf(sessions, own)
    await signIn(sessions, own.email, own.password, {
      ip: '2001:db8:1:2::9',
      userAgent: 'curl/8\n\u202eevil',
    })
    const listed = await sessions.list(own.id, first)
    expect(listed).toMatchObject([
      { network: '192.0.2.7', user_agent: userAgent, current: true },
      { network: '2001:db8:1:2::/64', user_agent: 'curl/8 evil', current: false },
    ])
    expect(JSON.stringify(listed)).not.toContain(first)
  })

  test('show their last use', async () => {
    const token = await tokenOf(sessions, own)
    await sessions.find(token)
    await waitUntil('the use is noted', async () => {
      const [session] = await sessions.list(own.id, token)
      return session?.last_used_at !== null
    })
  })

  test('end one by one and all but one, at once in this process, and never those of others', async () => {
    const other = await tokenOf(sessions)
    const [a, b, c] = [
      await tokenOf(sessions, own),
      await tokenOf(sessions, own),
      await tokenOf(sessions, own),
    ]
    for (const token of [a, b, c, other]) await sessions.find(token)
    const idOf = async (token: string): Promise<string> => {
      const owner = token === other ? user.id : own.id
      return (await sessions.list(owner, token))[0]?.id ?? ''
    }
    expect(await sessions.end(await idOf(other), actor())).toBe(false)
    const ended = await idOf(a)
    expect([await sessions.end(ended, actor()), await sessions.end(ended, actor())]).toEqual([true, false])
    expect([await sessions.find(a), await sessions.find(b)]).toMatchObject([null, { userId: own.id }])
    await sessions.endOthers(c, actor())
    expect([await sessions.find(b), await sessions.find(c)]).toMatchObject([null, { userId: own.id }])
    expect(await sessions.find(other)).toMatchObject({ userId: user.id })
  })

  test('are at most fifty: one more ends the oldest', async () => {
    const oldest = await tokenOf(sessions, own)
    for (let count = 1; count < sessionsMax; count += 1) await createSessionToken(database, own.id)
    expect(await sessions.find(oldest)).not.toBeNull()
    const newest = await tokenOf(sessions, own)
    expect(await openSessions(database, hour).find(oldest)).toBeNull()
    expect(await sessions.list(own.id, newest)).toHaveLength(sessionsMax)
    expect(await auditActions(own.id)).toContain('session.ended too_many_sessions')
  })

  test('are at most fifty also when many sign-ins come at the same time', async () => {
    for (let count = 0; count < sessionsMax; count += 1) await createSessionToken(database, own.id)
    await Promise.all(Array.from({ length: 8 }, () => tokenOf(sessions, own)))
    expect(await countLive(own.id)).toBe(sessionsMax)
  })

  test('end with a change of the password, except the one that changes it', async () => {
    const [mine, stolen] = [await tokenOf(sessions, own), await tokenOf(sessions, own)]
    const change = { currentPassword: own.password, newPassword: 'a new long password', currentToken: mine }
    expect(await sessions.changePassword({ ...change, currentPassword: 'wrong' }, actor())).toEqual({
      kind: 'wrong',
    })
    expect(await sessions.find(stolen)).not.toBeNull()
    expect(await sessions.changePassword(change, actor())).toMatchObject({ kind: 'changed' })
    expect([await sessions.find(stolen), await sessions.find(mine)]).toMatchObject([null, { userId: own.id }])
    expect(await signIn(sessions, own.email, own.password)).toEqual({ kind: 'wrong' })
    expect(await signIn(sessions, own.email, change.newPassword)).toMatchObject({ kind: 'signed_in' })
    expect(await auditActions(own.id)).toEqual(
      expect.arrayContaining(['password.refused', 'password.changed', 'session.ended']),
    )
  })

  test('are not created with a password that changes while it is checked', async () => {
    const mine = await tokenOf(sessions, own)
    const change = { currentPassword: own.password, newPassword: 'a new long password', currentToken: mine }
    await Promise.all([
      sessions.changePassword(change, actor()),
      ...Array.from({ length: 5 }, () => signIn(sessions, own.email, own.password)),
    ])
    expect(await countLive(own.id)).toBe(1)
  })
})

async function countLive(userId: string): Promise<number> {
  return database.prisma.session.count({ where: { userId, revokedAt: null } })
}

async function auditActions(userId: string): Promise<string[]> {
  const entries = await database.prisma.auditEntry.findMany({ where: { userId } })
  return entries.map(({ action, details }) => {
    const { reason } = details as { reason?: string }
    return reason === undefined ? action : `${action} ${reason}`
  })
}
