import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  claimDelivery,
  claimIdPrefixOf,
  claimIdsOf,
  expireClaims,
  lockKeyOf,
  recordAttempt,
  releaseClaim,
  storePayload,
  sweepDue,
} from '@ghostpost/infrastructure/database/attempts'
import {
  cancelDelivery,
  readDelivery,
  readSettlement,
  resendDelivery,
} from '@ghostpost/infrastructure/database/log'
import { eraseVisitor } from '@ghostpost/infrastructure/database/visitors'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  claimSaved,
  deliveredAttempt,
  expireClaim,
  failedAttempt,
  interruptClaim,
  interruptedAttempt,
  noSecrets,
  retriedAttempt,
  retryNow,
  saveNewDelivery,
} from './delivery-fixtures.ts'

let database: TestDatabase
let user: TestUser
let actor: { userId: string; requestId: string; ip: string }

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4], 'admin')
  actor = { userId: user.id, requestId: 'request', ip: '192.0.2.1' }
})

afterAll(() => database.drop())

function rowOf(id: string): Promise<unknown> {
  return database.prisma.delivery.findUniqueOrThrow({
    where: { id },
    include: { attemptRows: true, payload: true },
  })
}

async function attemptsOf(id: string): Promise<unknown> {
  return database.prisma.attempt.findMany({
    where: { deliveryId: id },
    orderBy: { number: 'asc' },
    select: { number: true, outcome: true, outcomeUnknown: true },
  })
}

const interruptedFirst = { number: 1, outcome: 'interrupted', outcomeUnknown: true }

describe('an expired claim', () => {
  test('is not taken over: its attempt is to be recorded first', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const own = await claimSaved(database, id)
    await expireClaim(database, id)
    const before = await rowOf(id)
    const claim = claimDelivery(database, noSecrets, 60_000)
    for (const result of await Promise.all([claim(id), claim(id)]))
      expect(result).toMatchObject({
        kind: 'interrupted',
        claim: {
          claimId: own.claimId,
          attemptNumber: 1,
          interruptedBefore: false,
          budget: '4:host:example.com',
        },
      })
    expect(await rowOf(id)).toEqual(before)
  })

  test('is recorded as interrupted once, by whoever comes first', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { interrupted } = await interruptClaim(database, id)
    const record = recordAttempt(database, 1_000)
    const results = await Promise.all([1, 2, 3].map(() => record(interrupted, interruptedAttempt(retryNow))))
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['claim_lost', 'claim_lost', 'recorded'])
    expect(await attemptsOf(id)).toEqual([interruptedFirst])
  })

  test('leaves a second attempt that knows that it may be a repeat', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { interrupted } = await interruptClaim(database, id)
    await recordAttempt(database, 1_000)(interrupted, interruptedAttempt(retryNow))
    expect(await claimSaved(database, id)).toMatchObject({ attemptNumber: 2, mayBeRepeat: true })
    await expireClaim(database, id)
    expect(await claimDelivery(database, noSecrets, 60_000)(id)).toMatchObject({
      kind: 'interrupted',
      claim: { attemptNumber: 2, interruptedBefore: true },
    })
  })

  test('cannot be recorded as interrupted before it has expired', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    expect(await recordAttempt(database, 1_000)(claim, interruptedAttempt())).toEqual({ kind: 'claim_lost' })
    expect(await recordAttempt(database, 1_000)(claim, deliveredAttempt())).toMatchObject({
      kind: 'recorded',
    })
  })

  test('refuses to store a payload, and so its worker sends nothing', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    await expireClaim(database, id)
    expect(await storePayload(database)(claim, '{}')).toBeNull()
  })

  test('is released by its own worker, which sent nothing', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { own, interrupted } = await interruptClaim(database, id)
    expect(await releaseClaim(database)(own)).toMatchObject({ deliveryId: id })
    expect(await recordAttempt(database, 1_000)(interrupted, interruptedAttempt())).toEqual({
      kind: 'claim_lost',
    })
    expect(await claimSaved(database, id)).toMatchObject({ attemptNumber: 1, mayBeRepeat: false })
  })

  test('is recorded whether or not the secrets of its destination can be read', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    await claimSaved(database, id)
    await expireClaim(database, id)
    const unreadable = { receiverUrl: null, receiverUrlSealed: Buffer.from('no secret') }
    await database.prisma.delivery.update({ where: { id }, data: unreadable })
    expect(await claimDelivery(database, noSecrets, 60_000)(id)).toMatchObject({ kind: 'interrupted' })
  })

  test('cannot be cancelled before its attempt is recorded', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { interrupted } = await interruptClaim(database, id)
    expect(await cancelDelivery(database, id, actor)).toBeNull()
    await recordAttempt(database, 1_000)(interrupted, interruptedAttempt(retryNow))
    expect(await cancelDelivery(database, id, actor)).toMatchObject({ deliveryId: id })
    expect(await attemptsOf(id)).toEqual([interruptedFirst])
  })

  test('of an erased visitor keeps its attempt', async () => {
    const visitor = { siteId: 4, ghostVid: 'gv_interrupted', firstSeen: new Date(), lastSeen: new Date() }
    await database.prisma.visitor.create({ data: visitor })
    const { id } = await saveNewDelivery(database, user.id, { ghostVid: 'gv_interrupted' })
    const { interrupted } = await interruptClaim(database, id)
    await eraseVisitor(database, { siteId: 4, ghostVid: 'gv_interrupted' }, actor)
    await recordAttempt(database, 1_000)(interrupted, interruptedAttempt(retryNow))
    expect(await attemptsOf(id)).toEqual([interruptedFirst])
  })

  test('is found by the sweeper', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    await interruptClaim(database, id)
    await database.pool.query('update deliveries set sweep_at = now() where id = $1', [id])
    expect(await sweepDue(database, 1_000, 60_000)).toContainEqual(
      expect.objectContaining({ deliveryId: id }),
    )
  })
})

describe('an outcome that arrives after its claim has expired', () => {
  test('is recorded where nobody has recorded the attempt', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { own } = await interruptClaim(database, id)
    expect(await recordAttempt(database, 1_000)(own, deliveredAttempt())).toMatchObject({ kind: 'recorded' })
    expect(await readSettlement(database, id)).toMatchObject({ state: 'delivered', attempts: 1 })
  })

  test.each([
    ['failed, to delivered', interruptedAttempt(), deliveredAttempt(), 'delivered'],
    ['failed, to failed with the true cause', interruptedAttempt(), failedAttempt(), 'failed'],
    ['failed, to retrying', interruptedAttempt(), retriedAttempt(60_000), 'retrying'],
    ['retrying, to delivered', interruptedAttempt(retryNow), deliveredAttempt(), 'delivered'],
    ['retrying, to failed', interruptedAttempt(retryNow), failedAttempt(), 'failed'],
  ])('corrects a delivery that is %s', async (_what, interruption, outcome, state) => {
    const { id } = await saveNewDelivery(database, user.id)
    const { own, interrupted } = await interruptClaim(database, id)
    const record = recordAttempt(database, 1_000)
    await record(interrupted, interruption)
    expect(await record(own, outcome)).toMatchObject({ kind: 'recorded', settlement: { state, attempts: 1 } })
    expect(await attemptsOf(id)).toEqual([{ number: 1, outcome: 'answered', outcomeUnknown: false }])
    expect(await readDelivery(database, user.id, id, [])).toMatchObject({ status: state })
    expect(await record(own, outcome)).toEqual({ kind: 'claim_lost' })
  })

  test('changes nothing once the delivery is being sent again', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { own, interrupted } = await interruptClaim(database, id)
    const record = recordAttempt(database, 1_000)
    await record(interrupted, interruptedAttempt(retryNow))
    const second = await claimSaved(database, id)
    const before = await rowOf(id)
    expect(await record(own, deliveredAttempt())).toEqual({ kind: 'claim_lost' })
    expect(await rowOf(id)).toEqual(before)
    await record(second, deliveredAttempt())
    expect(await record(own, failedAttempt())).toEqual({ kind: 'claim_lost' })
    expect(await attemptsOf(id)).toMatchObject([interruptedFirst, { number: 2, outcome: 'answered' }])
  })

  test('changes nothing after a resend or a cancellation', async () => {
    const record = recordAttempt(database, 1_000)
    const [resent, cancelled] = [
      await saveNewDelivery(database, user.id),
      await saveNewDelivery(database, user.id),
    ]
    for (const { id } of [resent, cancelled])
      await database.prisma.payload.create({ data: { deliveryId: id, body: '{}' } })
    const first = await interruptClaim(database, resent.id)
    await record(first.interrupted, interruptedAttempt())
    const input = { id: resent.id, judge: () => null, sweepAfterMs: 1_000, idempotency: null }
    expect(await resendDelivery(database, input, actor)).toMatchObject({ kind: 'due' })
    const second = await interruptClaim(database, cancelled.id)
    await record(second.interrupted, interruptedAttempt(retryNow))
    expect(await cancelDelivery(database, cancelled.id, actor)).not.toBeNull()
    for (const { own } of [first, second]) {
      const before = await rowOf(own.deliveryId)
      expect(await record(own, deliveredAttempt())).toEqual({ kind: 'claim_lost' })
      expect(isDeepStrictEqual(await rowOf(own.deliveryId), before)).toBe(true)
    }
  })

  test('that is itself unknown changes nothing', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { own, interrupted } = await interruptClaim(database, id)
    const record = recordAttempt(database, 1_000)
    await record(interrupted, interruptedAttempt())
    const timedOut = { ...interruptedAttempt(), outcome: { kind: 'timed_out', phase: 'answer' } as const }
    expect(await record(own, timedOut)).toEqual({ kind: 'claim_lost' })
    expect(await attemptsOf(id)).toEqual([interruptedFirst])
  })
})

describe('the ids of claims', () => {
  test('begin like the id of their worker, and lie in its range', async () => {
    const worker = '0190a7c2-93b4-4d3e-8f00-0123456789ab'
    const { id } = await saveNewDelivery(database, user.id)
    const claim = claimDelivery(database, noSecrets, 60_000, { idPrefix: () => claimIdPrefixOf(worker) })
    const result = await claim(id)
    if (result.kind !== 'claimed') throw new Error(result.kind)
    const { claimId } = result.claim
    expect(claimId).toMatch(/^0190a7c2-93b4-8d3e-[0-9a-f]{4}-[0-9a-f]{12}$/)
    const { lowest, highest } = claimIdsOf(worker)
    expect([highest, claimId, lowest].toSorted()).toEqual([lowest, claimId, highest])
    expect(lockKeyOf(worker)).toBe(BigInt('0x0190a7c293b4d3e').toString())
  })

  test('find the claims of a dead worker, and nobody else’s', async () => {
    const [dead, alive] = [randomUUID(), randomUUID()]
    const claimFor = async (worker: string): Promise<string> => {
      const { id } = await saveNewDelivery(database, user.id)
      const options = { idPrefix: () => claimIdPrefixOf(worker) }
      expect(await claimDelivery(database, noSecrets, 60_000, options)(id)).toMatchObject({ kind: 'claimed' })
      return id
    }
    const ids = [await claimFor(dead), await claimFor(dead)]
    const others = [await claimFor(alive), (await saveNewDelivery(database, user.id)).id]
    await claimSaved(database, others[1] ?? '')
    const expired = await expireClaims(database, dead, 500)
    expect(expired.map(({ deliveryId }) => deliveryId).toSorted()).toEqual(ids.toSorted())
    for (const claim of expired)
      expect(await recordAttempt(database, 1_000)(claim, interruptedAttempt(retryNow))).toMatchObject({
        kind: 'recorded',
      })
    expect(await expireClaims(database, dead, 500)).toEqual([])
    for (const id of others) expect(await readSettlement(database, id)).toMatchObject({ state: 'delivering' })
  })
})
