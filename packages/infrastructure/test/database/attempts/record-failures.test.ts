import { recordAttempt, releaseClaim } from '@ghostpost/infrastructure/database/attempts'
import { openDatabase, type Database } from '@ghostpost/infrastructure/database/connection'
import { readSettlement } from '@ghostpost/infrastructure/database/log'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { startFaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  claimSaved,
  deliveredAttempt,
  expireClaim,
  interruptClaim,
  interruptedAttempt,
  losingReplyOf,
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

async function claimMany(count: number): Promise<Awaited<ReturnType<typeof claimSaved>>[]> {
  const saved = await Promise.all(Array.from({ length: count }, () => saveNewDelivery(database, user.id)))
  return Promise.all(saved.map(({ id }) => claimSaved(database, id)))
}

const stateOf = async (id: string): Promise<string | undefined> => (await readSettlement(database, id))?.state

/** Makes every insert of an attempt fail. */
async function refuseAttempts(sqlState: string): Promise<void> {
  await database.pool.query(`
    create or replace function refuse_attempt() returns trigger language plpgsql as
      $$ begin raise exception 'refused' using errcode = '${sqlState}'; end $$;
    create trigger refuse_attempt before insert on attempts for each row execute function refuse_attempt()`)
}

const acceptAttempts = (): Promise<unknown> =>
  database.pool.query('drop trigger if exists refuse_attempt on attempts')

describe('an outcome', () => {
  test.each(['57014', '55P03', '40001', '40P01', '53100', '42501', '25006', 'XX000', '58030'])(
    'that the database refuses with %s is recorded when it no longer does',
    async (sqlState) => {
      const [claim] = await claimMany(1)
      if (!claim) throw new Error('not claimed')
      await refuseAttempts(sqlState)
      const errors: unknown[] = []
      const recorded = recordAttempt(database, 1_000, (error) => errors.push(error))(
        claim,
        deliveredAttempt(),
      )
      await waitUntil('it was refused three times', () => errors.length >= 3)
      await acceptAttempts()
      expect(await recorded).toMatchObject({ kind: 'recorded', settlement: { state: 'delivered' } })
    },
  )

  test('is recorded after its claim has expired', async () => {
    const [claim] = await claimMany(1)
    if (!claim) throw new Error('not claimed')
    await refuseAttempts('57P03')
    const errors: unknown[] = []
    const recorded = recordAttempt(database, 1_000, (error) => errors.push(error))(claim, deliveredAttempt())
    await waitUntil('it was refused', () => errors.length > 0)
    await expireClaim(database, claim.deliveryId)
    await acceptAttempts()
    expect(await recorded).toMatchObject({ kind: 'recorded' })
  })

  test('is recorded without the receiver’s texts where the database refuses one of them', async () => {
    const [claim, other] = await claimMany(2)
    if (!claim || !other) throw new Error('not claimed')
    const attempt = deliveredAttempt()
    const body = 'not text: \u0000'
    const refused = { ...attempt, outcome: { ...attempt.outcome, body } as typeof attempt.outcome }
    const record = recordAttempt(database, 1_000)
    const results = await Promise.all([record(claim, refused), record(other, deliveredAttempt())])
    expect(results).toMatchObject([{ kind: 'recorded' }, { kind: 'recorded' }])
    const rows = await database.prisma.attempt.findMany({ where: { deliveryId: claim.deliveryId } })
    expect(rows).toMatchObject([{ outcome: 'answered', responseStatus: 200, responseBody: '' }])
  })

  test('of a row that another transaction has locked waits alone', async () => {
    const claims = await claimMany(40)
    const held = claims.slice(0, 4)
    const blocker = new Client({ connectionString: database.url })
    await blocker.connect()
    await blocker.query('begin')
    const ids = held.map(({ deliveryId }) => deliveryId)
    await blocker.query('select from deliveries where id = any($1) for update', [ids])
    const record = recordAttempt(database, 1_000)
    const settled: string[] = []
    const recording = claims.map(async (claim) => {
      const result = await record(claim, deliveredAttempt())
      settled.push(result.kind)
    })
    // The transaction stays open meanwhile: waiting for it would take until the statement's time limit.
    await waitUntil('the others are recorded', () => settled.length === 36)
    for (const { deliveryId } of held) expect(await stateOf(deliveryId)).toBe('delivering')
    await blocker.query('rollback')
    await blocker.end()
    await Promise.all(recording)
    expect(new Set(settled)).toEqual(new Set(['recorded']))
  })
})

describe('an outcome whose record was committed and whose reply was lost', () => {
  test('is recognised, and announced as if the reply had come', async () => {
    const [claim, other] = await claimMany(2)
    if (!claim || !other) throw new Error('not claimed')
    const record = recordAttempt(losingReplyOf(database, 'record-attempt'), 1_000)
    const results = await Promise.all([
      record(claim, deliveredAttempt()),
      record(other, retriedAttempt(60_000)),
    ])
    expect(results).toMatchObject([
      { kind: 'recorded', due: null, settlement: { state: 'delivered', attempts: 1, error: null } },
      {
        kind: 'recorded',
        due: { deliveryId: other.deliveryId, attemptsMade: 1 },
        settlement: { state: 'retrying' },
      },
    ])
    const settlement = await readSettlement(database, claim.deliveryId)
    expect(results[0]).toMatchObject({ settlement: { deliveredAt: settlement?.deliveredAt } })
    expect(await database.prisma.attempt.count({ where: { deliveryId: claim.deliveryId } })).toBe(1)
  })

  test('is recognised also when it replaced the record of an interruption', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { own, interrupted } = await interruptClaim(database, id)
    await recordAttempt(database, 1_000)(interrupted, interruptedAttempt())
    const record = recordAttempt(losingReplyOf(database, 'correct-attempt'), 1_000)
    expect(await record(own, deliveredAttempt())).toMatchObject({
      kind: 'recorded',
      settlement: { state: 'delivered' },
    })
  })

  test('is not taken for the record of another worker', async () => {
    const { id } = await saveNewDelivery(database, user.id)
    const { own, interrupted } = await interruptClaim(database, id)
    await recordAttempt(database, 1_000)(interrupted, interruptedAttempt())
    const record = recordAttempt(losingReplyOf(database, 'record-attempt'), 1_000)
    const late = { ...interruptedAttempt(), startedAt: new Date(0) }
    expect(await record(own, late)).toEqual({ kind: 'claim_lost' })
  })
})

describe('while the connections to Postgres are cut', () => {
  async function throughProxy(
    work: (cut: Database, setCut: (on: boolean) => void) => Promise<void>,
  ): Promise<void> {
    const url = new URL(database.url)
    const proxy = await startFaultProxy(Number(url.port))
    url.port = String(proxy.port)
    const limits = { connectTimeoutMs: 1_000, statementTimeoutMs: 15_000 }
    const names = { applicationName: 'cut', onIdleError: () => {} }
    const cut = openDatabase({ url: url.href, poolMax: 4, ...limits, ...names })
    try {
      await work(cut, (on) => proxy.setMode({ kind: on ? 'cut' : 'pass' }))
    } finally {
      await cut.close()
      await proxy.stop()
    }
  }

  test('all outcomes are kept and recorded afterwards, each once', async () => {
    const claims = await claimMany(120)
    await throughProxy(async (cut, setCut) => {
      setCut(true)
      const errors: unknown[] = []
      const record = recordAttempt(cut, 1_000, (error) => errors.push(error))
      const recording = Promise.all(
        claims.map((claim, index) => record(claim, index % 2 ? retriedAttempt(60_000) : deliveredAttempt())),
      )
      await waitUntil('each has failed twice', () => errors.length >= 240)
      setCut(false)
      expect(new Set((await recording).map(({ kind }) => kind))).toEqual(new Set(['recorded']))
    })
    const rows = await database.prisma.attempt.groupBy({
      by: ['outcome'],
      where: { deliveryId: { in: claims.map(({ deliveryId }) => deliveryId) } },
      _count: true,
    })
    expect(rows).toEqual([{ outcome: 'answered', _count: 120 }])
  })

  test('a claim that sent nothing is released afterwards', async () => {
    const [claim] = await claimMany(1)
    if (!claim) throw new Error('not claimed')
    await throughProxy(async (cut, setCut) => {
      setCut(true)
      const errors: unknown[] = []
      const released = releaseClaim(cut, (error) => errors.push(error))(claim)
      await waitUntil('it has failed', () => errors.length > 0)
      setCut(false)
      expect(await released).toMatchObject({ deliveryId: claim.deliveryId })
    })
    expect(await stateOf(claim.deliveryId)).toBe('queued')
  })
})
