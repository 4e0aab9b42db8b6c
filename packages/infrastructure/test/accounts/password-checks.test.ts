import { verify } from '@node-rs/argon2'
import { hashPassword, openAccountTries, openPasswordChecks } from '@ghostpost/infrastructure/accounts'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

// The real thing, with its calls written down.
vi.mock('@node-rs/argon2', { spy: true })

const limits = { concurrency: 1, waitingPerHolder: 2, waitingMax: 60 }
let passwordHash: string
/** Frees the hash that runs. */
let finish: (() => void)[] = []

beforeAll(async () => {
  passwordHash = await hashPassword('correct horse')
})

beforeEach(() => {
  finish = []
  vi.mocked(verify).mockReset()
})

/** Holds every hash until `finish` lets it go on. */
function holdHashes(): void {
  vi.mocked(verify).mockImplementation(
    (_hash, password) =>
      new Promise((resolve) => void finish.push(() => resolve(password === 'correct horse'))),
  )
}

function useRealHashes(): void {
  vi.mocked(verify).mockImplementation((_hash, password) => Promise.resolve(password === 'correct horse'))
}

async function finishOne(): Promise<void> {
  await waitUntil('a hash runs', () => finish.length > 0)
  finish.shift()?.()
}

const hashed = (): string[] => vi.mocked(verify).mock.calls.map(([, password]) => String(password))

describe('passwords that many callers send at once', () => {
  const check = (checks: ReturnType<typeof openPasswordChecks>, ip: string, password: string) =>
    checks.check({ email: `${password}@example.test`, password, passwordHash, ip })

  test('are hashed few at once, and the networks take turns', async () => {
    holdHashes()
    const checks = openPasswordChecks({ limits })
    const greedy = ['g1', 'g2', 'g3'].map((password) => check(checks, '192.0.2.1', password))
    const other = check(checks, '198.51.100.1', 'other')
    expect(checks.load()).toEqual({ running: 1, waiting: 3 })
    for (let hash = 0; hash < 4; hash += 1) {
      await waitUntil('one hash runs', () => finish.length === 1)
      await finishOne()
    }
    await Promise.all([...greedy, other])
    expect(hashed()).toEqual(['g1', 'other', 'g2', 'g3'])
    expect(checks.load()).toEqual({ running: 0, waiting: 0 })
  })

  test('all networks of an IPv6 /48 take one turn together', async () => {
    holdHashes()
    const checks = openPasswordChecks({ limits })
    const greedy = [1, 2, 3].map((subnet) => check(checks, `2001:db8:1:${subnet}::1`, `g${subnet}`))
    const other = check(checks, '2001:db8:2::1', 'other')
    for (let hash = 0; hash < 4; hash += 1) await finishOne()
    await Promise.all([...greedy, other])
    expect(hashed()).toEqual(['g1', 'other', 'g2', 'g3'])
  })

  test('are refused beyond the waiting places of their network', async () => {
    holdHashes()
    const checks = openPasswordChecks({ limits })
    const waiting = [1, 2, 3].map((n) => check(checks, '192.0.2.1', `${n}`))
    const refused = await check(checks, '192.0.2.1', '4')
    expect(refused).toEqual({ kind: 'busy', retryAfterSeconds: expect.any(Number) })
    for (let hash = 0; hash < 3; hash += 1) await finishOne()
    await Promise.all(waiting)
    expect(hashed()).toEqual(['1', '2', '3'])
  })

  test('leave places to other networks, however many networks send more than one', async () => {
    holdHashes()
    const checks = openPasswordChecks({ limits })
    const isDone = { now: false }
    const flood = Array.from({ length: 400 }, (_one, n) => check(checks, `192.0.2.${n % 50}`, `g${n}`))
    const others = [1, 2, 3].map((n) => check(checks, `198.51.100.${n}`, `other ${n}`))
    const release = (async () => {
      while (!isDone.now) {
        finish.shift()?.()
        await new Promise(setImmediate)
      }
    })()
    expect(await Promise.all(others)).toEqual([{ kind: 'wrong' }, { kind: 'wrong' }, { kind: 'wrong' }])
    expect((await Promise.all(flood)).filter(({ kind }) => kind === 'busy').length).toBeGreaterThan(0)
    isDone.now = true
    await release
  })
})

describe('wrong passwords on one account', () => {
  const clock = { now: 0 }
  const account = { email: 'ada@example.test', passwordHash: '' }
  const open = () => openPasswordChecks({ tries: openAccountTries(() => clock.now) })
  const tryFrom = (checks: ReturnType<typeof open>, ip: string, password = 'wrong') =>
    checks.check({ ...account, passwordHash, password, ip })

  beforeEach(() => {
    clock.now = 0
    useRealHashes()
  })

  test('make their network wait ever longer, and no other network', async () => {
    const checks = open()
    for (let failure = 0; failure < 5; failure += 1)
      expect(await tryFrom(checks, '192.0.2.1')).toEqual({ kind: 'wrong' })
    expect(await tryFrom(checks, '192.0.2.1', 'correct horse')).toEqual({
      kind: 'slowed',
      retryAfterSeconds: 1,
    })
    expect(hashed()).toHaveLength(5)
    expect(await tryFrom(checks, '192.0.2.2', 'correct horse')).toEqual({ kind: 'correct' })
    clock.now += 1_001
    expect(await tryFrom(checks, '192.0.2.1')).toEqual({ kind: 'wrong' })
    expect(await tryFrom(checks, '192.0.2.1')).toEqual({ kind: 'slowed', retryAfterSeconds: 2 })
    clock.now += 2_001
    expect(await tryFrom(checks, '192.0.2.1', 'correct horse')).toEqual({ kind: 'correct' })
    expect(await tryFrom(checks, '192.0.2.1')).toEqual({ kind: 'wrong' })
  })

  test('count for all networks of an IPv6 /48 together', async () => {
    const checks = open()
    for (let subnet = 0; subnet < 5; subnet += 1) await tryFrom(checks, `2001:db8:1:${subnet}::1`)
    expect(await tryFrom(checks, '2001:db8:1:77::1')).toMatchObject({ kind: 'slowed' })
    expect(await tryFrom(checks, '2001:db8:2::1')).toEqual({ kind: 'wrong' })
  })
})

describe('the pace of an account', () => {
  const clock = { now: 0 }
  const open = () => openAccountTries(() => clock.now)

  test('is slower from everywhere after ten failures from anywhere, for 15 minutes', () => {
    const tries = open()
    for (let network = 0; network < 9; network += 1) tries.fail('ada', `192.0.2.${network}`)
    expect(tries.next('ada', '198.51.100.1')).toEqual({ kind: 'go' })
    tries.fail('ada', '192.0.2.9')
    expect(tries.next('ada', '198.51.100.1')).toEqual({ kind: 'delay', ms: 1_000 })
    expect(tries.next('bob', '198.51.100.1')).toEqual({ kind: 'go' })
    clock.now += 15 * 60_000
    expect(tries.next('ada', '198.51.100.1')).toEqual({ kind: 'go' })
  })

  test('locks nobody out: sixty failures from sixty networks refuse no other network', () => {
    const tries = open()
    for (let network = 0; network < 60; network += 1) tries.fail('ada', `192.0.2.${network}`)
    expect(tries.next('ada', '198.51.100.1')).toEqual({ kind: 'delay', ms: 1_000 })
  })
})
