import { hashPassword, isPasswordCorrect, openSessions } from '@ghostpost/infrastructure/accounts'
import { createSessionToken, createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

const hour = 3_600_000
const caller = { requestId: 'r-1', ip: '192.0.2.7' }
let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

afterEach(() => void vi.useRealTimers())

afterAll(() => database.drop())

test('a correct password creates a session that is found again', async () => {
  const sessions = openSessions(database, hour)
  const created = await sessions.create(user.email.toUpperCase(), user.password, caller)
  expect(created?.view).toMatchObject({ user: { email: user.email }, sites: [{ id: 4, role: 'operator' }] })
  expect(await sessions.find(created?.token ?? '')).toMatchObject({ userId: user.id })
})

test('a wrong password and an unknown account have the same result', async () => {
  const sessions = openSessions(database, hour)
  expect(await sessions.create(user.email, 'wrong', caller)).toBeNull()
  expect(await sessions.create('nobody@example.test', user.password, caller)).toBeNull()
})

test('an unknown account costs about as much time as a wrong password', async () => {
  const sessions = openSessions(database, hour)
  const costs = { known: 0, unknown: 0 }
  const measure = async (account: keyof typeof costs, email: string): Promise<void> => {
    const startedAt = performance.now()
    await sessions.create(email, 'wrong', caller)
    costs[account] += performance.now() - startedAt
  }
  await sessions.create(user.email, 'wrong', caller)
  // In turns, so that a busy machine slows both alike.
  for (let round = 0; round < 5; round += 1) {
    await measure('known', user.email)
    await measure('unknown', 'nobody@example.test')
  }
  expect(costs.unknown).toBeGreaterThan(costs.known / 5)
})

test('only a digest of the token is stored', async () => {
  const created = await openSessions(database, hour).create(user.email, user.password, caller)
  const { rows } = await database.pool.query<{ t: string }>(`select sessions::text as t from sessions`)
  const hex = Buffer.from(created?.token ?? '').toString('hex')
  expect(rows.map(({ t }) => t).join()).not.toContain(hex)
  expect(rows.map(({ t }) => t).join()).not.toContain(created?.token)
})

test.each(['expired', 'revoked'] as const)('an %s session is not found', async (state) => {
  const token = await createSessionToken(database, user.id, state)
  expect(await openSessions(database, hour).find(token)).toBeNull()
})

test('a session revoked by another process stops working within five seconds', async () => {
  const clock = { now: Date.now() }
  const here = openSessions(database, hour, () => clock.now)
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
  const created = await here.create(user.email, user.password, caller)
  expect(await here.find(created?.token ?? '')).not.toBeNull()
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
