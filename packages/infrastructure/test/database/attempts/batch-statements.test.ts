import { randomUUID } from 'node:crypto'
import {
  claimDelivery,
  storePayload,
  recordAttempt,
  saveDelivery,
} from '@ghostpost/infrastructure/database/attempts'
import { readDelivery, readSettlement } from '@ghostpost/infrastructure/database/log'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
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

async function saveMany(count: number): Promise<string[]> {
  const saved = await Promise.all(Array.from({ length: count }, () => saveNewDelivery(database, user.id)))
  return saved.map(({ id }) => id)
}

/** How many statements `work` ran; each takes a connection. */
async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const connect = vi.spyOn(database.pool, 'connect')
  try {
    await work()
    return connect.mock.calls.length
  } finally {
    connect.mockRestore()
  }
}

describe('concurrent deliveries', () => {
  test('are claimed in one statement, each with its own claim', async () => {
    const ids = await saveMany(30)
    const claim = claimDelivery(database, noSecrets, 60_000)
    const taken: string[] = []
    const count = await countStatements(async () => {
      for (const result of await Promise.all(ids.map((id) => claim(id))))
        if (result.kind === 'claimed') taken.push(result.claim.claimId)
    })
    expect(count).toBe(1)
    expect(new Set(taken).size).toBe(30)
  })

  test('are claimed although one of them is finished', async () => {
    const ids = await saveMany(5)
    const [finished = '', ...others] = ids
    await recordAttempt(database, 1_000)(await claimSaved(database, finished), deliveredAttempt())
    const claim = claimDelivery(database, noSecrets, 60_000)
    const results = await Promise.all(ids.map((id) => claim(id)))
    expect(results.map(({ kind }) => kind)).toEqual(['nothing_to_do', ...others.map(() => 'claimed')])
  })

  test('each store their own payload, with any characters', async () => {
    const ids = await saveMany(4)
    const claims = await Promise.all(ids.map((id) => claimSaved(database, id)))
    const hostile = ['"', '\\', '{NULL,"\u001f\u0000"}', '\ud800\n💥', ''].map((text) =>
      JSON.stringify({ text }),
    )
    const store = storePayload(database)
    const stored = await Promise.all(claims.map((claim, index) => store(claim, hostile[index] ?? '')))
    expect(stored).toEqual(hostile.slice(0, 4))
    await Promise.all(claims.map((claim) => recordAttempt(database, 1_000)(claim, retriedAttempt(0))))
    const again = await Promise.all(ids.map((id) => claimSaved(database, id)))
    expect(again.map(({ payload }) => payload)).toEqual(hostile.slice(0, 4))
  })

  test('store their payloads although one of them lost its claim', async () => {
    const [lost = '', other = ''] = await saveMany(2)
    const [late, claimed] = await Promise.all([claimSaved(database, lost), claimSaved(database, other)])
    await recordAttempt(database, 1_000)(late, deliveredAttempt())
    const store = storePayload(database)
    expect(await Promise.all([store(late, '{}'), store(claimed, '{}')])).toEqual([null, '{}'])
  })

  test('are saved in one statement, and unknown visitors and sites are refused', async () => {
    const save = saveDelivery(database, noSecrets, 1_000)
    const deliveries = [
      {},
      { siteId: 7 },
      { siteId: 999 },
      { ghostVid: 'gv_nobody' },
      {},
      { ghostVid: 'gv_nobody', idempotency: { key: 'none', requestDigest: 'x' } },
    ].map((changes) => newDelivery(user.id, changes))
    const saved: unknown[] = []
    const count = await countStatements(async () =>
      saved.push(...(await Promise.all(deliveries.map((delivery) => save(delivery))))),
    )
    expect(count).toBe(2)
    expect(saved).toMatchObject(
      ['saved', 'site_not_found', 'site_not_found', 'visitor_not_found', 'saved', 'visitor_not_found'].map(
        (kind) => ({ kind }),
      ),
    )
    const ids = deliveries.map(({ id }) => id)
    expect(await database.prisma.delivery.count({ where: { id: { in: ids } } })).toBe(2)
    expect(await database.prisma.idempotencyKey.count({ where: { key: 'none' } })).toBe(0)
  })

  test('are saved although the database refuses one of them', async () => {
    const save = saveDelivery(database, noSecrets, 1_000)
    const deliveries = [{}, { destinationId: randomUUID() }, {}].map((changes) =>
      newDelivery(user.id, changes),
    )
    const settled = await Promise.allSettled(deliveries.map((delivery) => save(delivery)))
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('are recorded in one statement, each with its own outcome', async () => {
    const ids = await saveMany(20)
    const claims = await Promise.all(ids.map((id) => claimSaved(database, id)))
    const record = recordAttempt(database, 1_000)
    const attempts = [deliveredAttempt(), failedAttempt(), retriedAttempt(60_000)]
    const count = await countStatements(() =>
      Promise.all(claims.map((claim, index) => record(claim, attempts[index % 3] ?? deliveredAttempt()))),
    )
    expect(count).toBe(1)
    const settlements = await Promise.all(ids.map((id) => readSettlement(database, id)))
    expect(settlements.map((settlement) => settlement?.state)).toEqual(
      ids.map((_, index) => ['delivered', 'failed', 'retrying'][index % 3]),
    )
    expect((await readDelivery(database, user.id, ids[1] ?? '', []))?.attempts).toMatchObject([
      { outcome: 'answered', response_headers: { 'content-type': 'text/plain' } },
    ])
  })

  test('are recorded although the database refuses one of them', async () => {
    const ids = await saveMany(3)
    const claims = await Promise.all(ids.map((id) => claimSaved(database, id)))
    const record = recordAttempt(database, 1_000)
    const broken = { ...deliveredAttempt(), next: { state: 'nonsense' } } as never
    const settled = await Promise.allSettled(
      claims.map((claim, index) => record(claim, index === 1 ? broken : deliveredAttempt())),
    )
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await readSettlement(database, ids[1] ?? '')).toMatchObject({ state: 'delivering', attempts: 0 })
  })
})

describe('the payload and the attempts of a delivery', () => {
  test('are deleted with it', async () => {
    const [id = '', other = ''] = await saveMany(2)
    for (const one of [id, other]) {
      const claim = await claimSaved(database, one)
      await storePayload(database)(claim, '{}')
      await recordAttempt(database, 1_000)(claim, deliveredAttempt())
    }
    await database.prisma.delivery.delete({ where: { id } })
    const left = { where: { deliveryId: { in: [id, other] } } }
    expect(await database.prisma.payload.findMany(left)).toMatchObject([{ deliveryId: other }])
    expect(await database.prisma.attempt.findMany(left)).toMatchObject([{ deliveryId: other }])
  })
})

describe('a claim', () => {
  test('changes no index', async () => {
    const ids = await saveMany(50)
    const hot = async (): Promise<number> => {
      const { rows } = await database.pool.query<{ hot: string }>(
        `select pg_stat_get_tuples_hot_updated(oid) + pg_stat_get_xact_tuples_hot_updated(oid) as hot
         from pg_class
         where relname = 'deliveries'`,
      )
      return Number(rows[0]?.hot)
    }
    await database.pool.query('vacuum deliveries')
    const before = await hot()
    const claim = claimDelivery(database, noSecrets, 60_000)
    await Promise.all(ids.map((id) => claim(id)))
    await vi.waitFor(async () => expect((await hot()) - before).toBeGreaterThan(0), { timeout: 20_000 })
  })

  test('of a first attempt does not wait for the disk, and one of a stored payload does', async () => {
    const [first = '', retry = ''] = await saveMany(2)
    const claim = await claimSaved(database, retry)
    await storePayload(database)(claim, '{}')
    await recordAttempt(database, 1_000)(claim, retriedAttempt(0))
    expect(await commitOf(first)).toBe('off')
    expect(await commitOf(retry)).toBe('on')
  })
})

/** Reads in the transaction of a claim whether its commit waits for the disk. */
async function commitOf(id: string): Promise<string | undefined> {
  const client = await database.pool.connect()
  try {
    await client.query('begin; set local synchronous_commit = on')
    const oneConnection = { ...database, pool: client as unknown as TestDatabase['pool'] }
    await claimDelivery(oneConnection, noSecrets, 60_000)(id)
    const { rows } = await client.query<{ value: string }>(
      `select current_setting('synchronous_commit') as value`,
    )
    await client.query('commit')
    return rows[0]?.value
  } finally {
    client.release()
  }
}
