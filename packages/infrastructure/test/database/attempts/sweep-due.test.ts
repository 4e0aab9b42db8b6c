import {
  advanceSweeps,
  postponeSweep,
  recordAttempt,
  saveDelivery,
  sweepDue,
  sweepSql,
} from '@ghostpost/infrastructure/database/attempts'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { claimSaved, deliveredAttempt, newDelivery, noSecrets, retriedAttempt } from './delivery-fixtures.ts'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

beforeEach(() => database.prisma.delivery.deleteMany())

afterAll(() => database.drop())

async function saveOverdue(): Promise<string> {
  const delivery = newDelivery(user.id)
  await saveDelivery(database, noSecrets, 0)(delivery)
  return delivery.id
}

test('sweepDue finds a delivery that was saved and never enqueued', async () => {
  const id = await saveOverdue()
  expect(await sweepDue(database, 10, 60_000)).toEqual([dueDeliveryWith({ deliveryId: id })])
})

test('sweepDue skips a delivery whose job may still run in time', async () => {
  const delivery = newDelivery(user.id)
  await saveDelivery(database, noSecrets, 60_000)(delivery)
  expect(await sweepDue(database, 10, 60_000)).toEqual([])
})

test('sweepDue finds each delivery once per period, also with several sweepers', async () => {
  await Promise.all([saveOverdue(), saveOverdue(), saveOverdue(), saveOverdue()])
  const sweeps = await Promise.all([1, 2, 3].map(() => sweepDue(database, 10, 60_000)))
  expect(sweeps.flat()).toHaveLength(4)
  expect(await sweepDue(database, 10, 60_000)).toEqual([])
})

test('sweepDue finds at most its limit', async () => {
  await Promise.all([saveOverdue(), saveOverdue(), saveOverdue()])
  expect(await sweepDue(database, 2, 60_000)).toHaveLength(2)
  expect(await sweepDue(database, 2, 60_000)).toHaveLength(1)
})

test('sweepDue finds an overdue retry in the retry lane', async () => {
  const id = await saveOverdue()
  await recordAttempt(database, 0)(await claimSaved(database, id), retriedAttempt(0))
  const due = dueDeliveryWith({ deliveryId: id, attemptsMade: 1 })
  expect(due.lane).toBe('retry')
  expect(await sweepDue(database, 10, 60_000)).toEqual([due])
})

test('sweepDue does not find a retry that is not due', async () => {
  const id = await saveOverdue()
  await recordAttempt(database, 0)(await claimSaved(database, id), retriedAttempt(3_600_000))
  expect(await sweepDue(database, 10, 60_000)).toEqual([])
})

test('sweepDue finds a delivery whose claim expired', async () => {
  const id = await saveOverdue()
  await claimSaved(database, id, 0)
  expect(await sweepDue(database, 10, 60_000)).toMatchObject([{ deliveryId: id }])
})

async function makeOverdueFor(id: string | undefined, seconds: number): Promise<void> {
  await database.pool.query(
    `update deliveries set next_attempt_at = now() - $2 * interval '1 s', sweep_at = now() where id = $1`,
    [id, seconds],
  )
}

/** In how many seconds the deliveries are swept again, to the nearest ten. */
async function secondsToSweep(ids: readonly string[]): Promise<number[]> {
  const { rows } = await database.pool.query<{ s: number }>(
    `select round(extract(epoch from sweep_at - now()) / 10)::int * 10 as s
     from deliveries
     where id = any($1)
     order by 1`,
    [ids],
  )
  return rows.map(({ s }) => s)
}

test('sweepDue finds each delivery again after the same time, however long it is overdue', async () => {
  const ids = [await saveOverdue(), await saveOverdue(), await saveOverdue()]
  await Promise.all([0, 100, 86_400].map((seconds, index) => makeOverdueFor(ids[index], seconds)))
  expect(await sweepDue(database, 10, 10_000)).toHaveLength(3)
  expect(await secondsToSweep(ids)).toEqual([10, 10, 10])
})

test('postponeSweep makes sweeps of a long overdue delivery rarer, down to one a minute', async () => {
  const ids = [await saveOverdue(), await saveOverdue(), await saveOverdue()]
  await Promise.all([0, 30, 86_400].map((seconds, index) => makeOverdueFor(ids[index], seconds)))
  await postponeSweep(database, await sweepDue(database, 10, 10_000), 10_000)
  expect(await secondsToSweep(ids)).toEqual([10, 30, 60])
})

test('advanceSweeps makes all due deliveries overdue, and no other', async () => {
  const ids = [await saveOverdue(), await saveOverdue()]
  await Promise.all([0, 86_400].map((seconds, index) => makeOverdueFor(ids[index], seconds)))
  await postponeSweep(database, await sweepDue(database, 10, 10_000), 10_000)
  const later = await saveOverdue()
  await recordAttempt(database, 0)(await claimSaved(database, later), retriedAttempt(30_000))
  expect(await sweepDue(database, 10, 10_000)).toEqual([])
  await advanceSweeps(database, 10_000, new AbortController().signal)
  const found = (await sweepDue(database, 10, 10_000)).map(({ deliveryId }) => deliveryId)
  expect(found.toSorted()).toEqual(ids.toSorted())
})

test('sweepDue skips a delivery with a valid claim', async () => {
  const id = await saveOverdue()
  await claimSaved(database, id, 60_000)
  expect(await sweepDue(database, 10, 60_000)).toEqual([])
})

test('sweepDue reads only unfinished deliveries, however many are finished', async () => {
  const id = await saveOverdue()
  await recordAttempt(database, 0)(await claimSaved(database, id), deliveredAttempt())
  await database.pool.query(
    `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
       include_journey, include_events, requested_by, state, next_attempt_at, sweep_at)
     select gen_random_uuid(), site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
       true, true, requested_by, 'delivered', null, null from deliveries, generate_series(1, 5000)`,
  )
  await database.pool.query('analyze deliveries')
  const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${sweepSql}`, [500, 1_000])
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toMatch(/deliveries_(sweep_at|unfinished)_idx/)
  expect(plan).not.toContain('Seq Scan on deliveries')
  expect(await sweepDue(database, 10, 60_000)).toEqual([])
})
