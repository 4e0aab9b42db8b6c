import { defaultRetryScheduleMs } from '@ghostpost/delivery/deliver'
import {
  claimDelivery,
  storePayload,
  recordAttempt,
  releaseClaim,
  saveDelivery,
} from '@ghostpost/infrastructure/database/attempts'
import {
  cancelDelivery,
  readDelivery,
  readSettlement,
  resendDelivery,
} from '@ghostpost/infrastructure/database/log'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import type { AttemptRecord } from '@ghostpost/delivery/deliver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  claimSaved,
  deliveredAttempt,
  failedAttempt,
  newDelivery,
  noSecrets,
  retriedAttempt,
  saveNewDelivery,
} from './delivery-fixtures.ts'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

afterAll(() => database.drop())

describe('claimDelivery', () => {
  test('claims a saved delivery for its first attempt', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    expect(claim).toMatchObject({
      deliveryId: id,
      attemptNumber: 1,
      payload: null,
      siteId: 4,
    })
    expect(claim.target?.url).toBe('https://example.com/hooks/secret-path')
  })

  test('gives a delivery to one of many concurrent workers', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = claimDelivery(database, noSecrets, 60_000)
    const results = await Promise.all(Array.from({ length: 20 }, () => claim(id)))
    expect(results.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
    expect(results.filter(({ kind }) => kind === 'wait')).toHaveLength(19)
  })

  test('measures the age of a claim', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { ageMs } = await claimSaved(database, id)
    const age = ageMs()
    expect(age).toBeGreaterThan(0)
    await waitUntil('the claim is older', () => ageMs() > age)
  })

  test('returns how long a claimed delivery stays claimed', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    await claimSaved(database, id, 30_000)
    const again = await claimDelivery(database, noSecrets, 30_000)(id)
    expect(again.kind).toBe('wait')
    expect(again.kind === 'wait' && again.waitMs).toBeGreaterThan(20_000)
    expect(again.kind === 'wait' && again.waitMs).toBeLessThanOrEqual(30_000)
  })

  test('returns the time until a retry is due', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    await recordAttempt(database, 1_000)(await claimSaved(database, id), retriedAttempt(60_000))
    const early = await claimDelivery(database, noSecrets, 30_000)(id)
    expect(early.kind === 'wait' && early.waitMs).toBeGreaterThan(50_000)
  })

  test.each(['delivered', 'failed', 'cancelled'])('has nothing to do for a %s delivery', async (state) => {
    const { id } = await saveNewDelivery(database, user.id)
    await database.prisma.delivery.update({
      where: { id },
      data: { state, nextAttemptAt: null, sweepAt: null },
    })
    expect(await claimDelivery(database, noSecrets, 1_000)(id)).toEqual({ kind: 'nothing_to_do' })
  })

  test.each(['not-an-id', '0190a000-0000-7000-8000-000000000000'])(
    'has nothing to do for the unknown id %s',
    async (id) => {
      expect(await claimDelivery(database, noSecrets, 1_000)(id)).toEqual({ kind: 'nothing_to_do' })
    },
  )
})

describe('a later claim', () => {
  const unknown = (): AttemptRecord => {
    const attempt = retriedAttempt(0)
    const { verdict } = attempt
    if (verdict.decision === 'delivered') throw new Error('the verdict must be a retry')
    const failure = { ...verdict.failure, outcomeUnknown: true }
    return { ...attempt, outcome: { kind: 'timed_out', phase: 'answer' }, verdict: { ...verdict, failure } }
  }

  test('knows whether an earlier attempt had an unknown outcome', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const record = recordAttempt(database, 60_000)
    expect(await claimSaved(database, id)).toMatchObject({ mayBeRepeat: false })
    await database.prisma.delivery.update({ where: { id }, data: { state: 'queued', claimExpiresAt: null } })
    await record(await claimSaved(database, id), retriedAttempt(0))
    const second = await claimSaved(database, id)
    expect(second).toMatchObject({ attemptNumber: 2, mayBeRepeat: false })
    await record(second, unknown())
    const third = await claimSaved(database, id)
    expect(third).toMatchObject({ attemptNumber: 3, mayBeRepeat: true })
    await record(third, retriedAttempt(0))
    expect(await claimSaved(database, id)).toMatchObject({ attemptNumber: 4, mayBeRepeat: true })
  })
})

test('a newer snapshot supersedes an older one also while it is sent again, and when that was cancelled', async () => {
  const record = recordAttempt(database, 60_000)
  const crm = { webhookType: 'hubspot' } as const
  const [older, newer] = [
    await saveNewDelivery(database, user.id, crm),
    await saveNewDelivery(database, user.id, crm),
  ]
  const first = await claimSaved(database, older.id)
  await storePayload(database)(first, '{}')
  await record(first, retriedAttempt(0))
  expect(await claimSaved(database, older.id)).toMatchObject({ superseded: false })
  const second = await claimSaved(database, newer.id)
  await storePayload(database)(second, '{}')
  await record(second, deliveredAttempt())
  const actor = { userId: user.id, requestId: 'request', ip: '192.0.2.1' }
  const input = { id: newer.id, judge: () => null, sweepAfterMs: 60_000, idempotency: null }
  expect(await resendDelivery(database, input, actor)).toMatchObject({ kind: 'due' })
  const claimAgain = async (): Promise<boolean> => {
    await database.prisma.delivery.update({ where: { id: older.id }, data: { state: 'retrying' } })
    return (await claimSaved(database, older.id)).superseded
  }
  expect(await claimAgain()).toBe(true)
  await cancelDelivery(database, newer.id, actor)
  expect(await claimAgain()).toBe(true)
})

describe('recordAttempt', () => {
  test('writes the attempt and the new state together', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const recorded = await recordAttempt(database, 1_000)(await claimSaved(database, id), deliveredAttempt())
    expect(recorded).toMatchObject({
      kind: 'recorded',
      settlement: { state: 'delivered', attempts: 1, error: null },
    })
    const view = await readDelivery(database, user.id, id, defaultRetryScheduleMs)
    expect(view).toMatchObject({ status: 'delivered', next_attempt_at: null, last_error: null })
    expect(view?.attempts).toMatchObject([
      {
        number: 1,
        outcome: 'answered',
        decision: 'delivered',
        response_status: 200,
        response_body: 'ok',
        duration_ms: 12,
      },
    ])
  })

  test('records one attempt per claim', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    const record = recordAttempt(database, 1_000)
    const results = await Promise.all([record(claim, deliveredAttempt()), record(claim, failedAttempt())])
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['claim_lost', 'recorded'])
    expect((await readDelivery(database, user.id, id, defaultRetryScheduleMs))?.attempts).toHaveLength(1)
  })

  test('schedules the next attempt by the database’s clock', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const recorded = await recordAttempt(database, 1_000)(
      await claimSaved(database, id),
      retriedAttempt(60_000),
    )
    const next = recorded.kind === 'recorded' ? Date.parse(recorded.settlement.nextAttemptAt ?? '') : 0
    expect(next - Date.now()).toBeGreaterThan(50_000)
    expect(next - Date.now()).toBeLessThan(70_000)
    expect(await readSettlement(database, id)).toMatchObject({
      state: 'retrying',
      attempts: 1,
      error: { code: 'receiver_error', responseStatus: 503 },
    })
  })

  test('makes a dead letter, which the sweeper ignores', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    await recordAttempt(database, 1_000)(await claimSaved(database, id), failedAttempt())
    const row = await database.prisma.delivery.findUniqueOrThrow({ where: { id } })
    expect(row).toMatchObject({ state: 'failed', nextAttemptAt: null, sweepAt: null, claimId: null })
  })
})

describe('the payload', () => {
  test('is that of the first build, whatever later builds contain', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    expect(await storePayload(database)(claim, '{"first":true}')).toBe('{"first":true}')
    expect(await storePayload(database)(claim, '{"second":true}')).toBe('{"first":true}')
    await recordAttempt(database, 1_000)(claim, retriedAttempt(0))
    expect((await claimSaved(database, id)).payload).toBe('{"first":true}')
  })

  test('has the time of its claim, however late it is stored: the claim read the visitor', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    await storePayload(database)({ ...claim, ageMs: () => 25_000 }, '{}')
    const { builtAt } = await database.prisma.payload.findUniqueOrThrow({ where: { deliveryId: id } })
    const { nextAttemptAt } = await database.prisma.delivery.findUniqueOrThrow({ where: { id } })
    expect((nextAttemptAt?.getTime() ?? 0) - builtAt.getTime()).toBeGreaterThan(10_000)
  })

  test('is not stored for a worker that lost its claim', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    await recordAttempt(database, 1_000)(claim, retriedAttempt(0))
    expect(await storePayload(database)(claim, '{}')).toBeNull()
  })
})

test('recordAttempt deletes a payload that was stored during an erasure', async () => {
  const { id } = await saveNewDelivery(database, user.id)
  const claim = await claimSaved(database, id)
  await storePayload(database)(claim, '{"name":"Jane"}')
  await database.prisma.delivery.update({ where: { id }, data: { erasedAt: new Date() } })
  await recordAttempt(database, 1_000)(claim, deliveredAttempt())
  expect(await readDelivery(database, user.id, id, [])).toMatchObject({ status: 'delivered', payload: null })
})

describe('releaseClaim', () => {
  test('returns the due delivery and counts no attempt', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    expect(await releaseClaim(database)(await claimSaved(database, id))).toEqual(
      dueDeliveryWith({ deliveryId: id }),
    )
    expect(await readSettlement(database, id)).toMatchObject({ state: 'queued', attempts: 0 })
    expect((await claimSaved(database, id)).attemptNumber).toBe(1)
  })

  test('leaves a retry a retry', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    await recordAttempt(database, 1_000)(await claimSaved(database, id), retriedAttempt(0))
    await releaseClaim(database)(await claimSaved(database, id))
    expect(await readSettlement(database, id)).toMatchObject({ state: 'retrying', attempts: 1 })
  })

  test('changes nothing for a lost claim', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const claim = await claimSaved(database, id)
    await recordAttempt(database, 1_000)(claim, deliveredAttempt())
    expect(await releaseClaim(database)(claim)).toBeNull()
    expect(await readSettlement(database, id)).toMatchObject({ state: 'delivered' })
  })
})

describe('idempotency keys', () => {
  test('make one delivery of a hundred identical concurrent requests', async () => {
    const idempotency = { key: 'the same', requestDigest: 'abc' }
    const deliveries = Array.from({ length: 100 }, () => newDelivery(user.id, { idempotency }))
    const results = await Promise.all(
      deliveries.map((delivery) => saveDelivery(database, noSecrets, 1_000)(delivery)),
    )
    expect(results.filter(({ kind }) => kind === 'saved')).toHaveLength(1)
    const named = new Set(
      results.map((result) => (result.kind === 'already_saved' ? result.deliveryId : null)),
    )
    named.delete(null)
    expect(named.size).toBe(1)
    const ids = deliveries.map(({ id }) => id)
    expect(await database.prisma.delivery.count({ where: { id: { in: ids } } })).toBe(1)
  })

  test('refuse another request under the same key', async () => {
    await saveNewDelivery(database, user.id, { idempotency: { key: 'taken', requestDigest: 'one' } })
    const other = newDelivery(user.id, {
      idempotency: { key: 'taken', requestDigest: 'two' },
    })
    expect(await saveDelivery(database, noSecrets, 1_000)(other)).toEqual({ kind: 'idempotency_conflict' })
    expect(await readSettlement(database, other.id)).toBeNull()
  })

  test('belong to one user each', async () => {
    const other = await createUser(database, [4])
    const idempotency = { key: 'mine', requestDigest: 'one' }
    await saveNewDelivery(database, user.id, { idempotency })
    const theirs = newDelivery(other.id, { idempotency })
    expect(await saveDelivery(database, noSecrets, 1_000)(theirs)).toMatchObject({ kind: 'saved' })
  })

  test('expire after 24 hours', async () => {
    const idempotency = { key: 'old', requestDigest: 'one' }
    await saveNewDelivery(database, user.id, { idempotency })
    const createdAt = new Date(Date.now() - 24.1 * 3_600_000)
    await database.prisma.idempotencyKey.updateMany({ where: { key: 'old' }, data: { createdAt } })
    const again = newDelivery(user.id, { idempotency: { key: 'old', requestDigest: 'two' } })
    expect(await saveDelivery(database, noSecrets, 1_000)(again)).toMatchObject({ kind: 'saved' })
  })
})
