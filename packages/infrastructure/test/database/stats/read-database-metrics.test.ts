import { randomUUIDv7 } from 'node:crypto'
import { recordAttempt } from '@ghostpost/infrastructure/database/attempts'
import { databaseMetricsSql, readDatabaseMetrics } from '@ghostpost/infrastructure/database/stats'
import { recordHeartbeat } from '@ghostpost/infrastructure/database/upkeep'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  claimSaved,
  deliveredAttempt,
  retriedAttempt,
  saveNewDelivery,
} from '../attempts/delivery-fixtures.ts'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

beforeEach(async () => {
  await database.prisma.delivery.deleteMany()
  await database.prisma.operation.deleteMany()
})

afterAll(() => database.drop())

async function dueFor(seconds: number): Promise<string> {
  const { id } = await saveNewDelivery(database, user.id)
  await database.pool.query(
    `update deliveries set next_attempt_at = now() - $2 * interval '1 s' where id = $1`,
    [id, seconds],
  )
  return id
}

async function retryIn(seconds: number): Promise<string> {
  const { id } = await saveNewDelivery(database, user.id)
  await recordAttempt(database, 0)(await claimSaved(database, id), retriedAttempt(seconds * 1_000))
  return id
}

async function operation(state: 'running' | 'paused', matched: number, fed: number): Promise<string> {
  const id = randomUUIDv7()
  await database.pool.query(
    `insert into operations
       (id, site_id, kind, state, selection, selection_key, rate, canary, matched, fed, watermark, created_by)
     values ($1::uuid, 4, 'resend', $2, '{}', $1::uuid::text, 10, 'off', $3, $4, now(), $5)`,
    [id, state, matched, fed, user.id],
  )
  return id
}

test('all metrics of an empty installation are zero', async () => {
  expect(await readDatabaseMetrics(database)).toMatchObject({
    oldestDueSeconds: { live: 0, retry: 0, bulk: 0 },
    retriesDue: { now: 0, '1m': 0, '10m': 0, '1h': 0, later: 0 },
    outboxLagSeconds: 0,
    operations: { running: 0, paused: 0 },
    operationItemsLeft: { begun: 0, to_come: 0 },
    lanesPaused: { live: 0, retry: 0, bulk: 0 },
  })
})

test('each lane has the time for which its oldest delivery has been due', async () => {
  await dueFor(20)
  await dueFor(300)
  await dueFor(-60)
  const retried = await retryIn(60)
  await database.pool.query(`update deliveries set next_attempt_at = now() - interval '40 s' where id = $1`, [
    retried,
  ])
  const bulk = await dueFor(7)
  await database.pool.query('update deliveries set operation_id = $2 where id = $1', [
    bulk,
    await operation('running', 1, 1),
  ])
  const { oldestDueSeconds } = await readDatabaseMetrics(database)
  expect(Math.floor(oldestDueSeconds.live / 100)).toBe(3)
  expect(Math.floor(oldestDueSeconds.retry / 10)).toBe(4)
  expect(oldestDueSeconds.bulk).toBeGreaterThanOrEqual(7)
})

test('deliveries of paused destinations and operations do not count as due', async () => {
  const pausedId = await dueFor(900)
  const destinationId = randomUUIDv7()
  await database.pool.query(
    `insert into destinations (id, site_id, name, webhook_type, receiver_host, sealed, state, created_by)
     values ($1, 4, 'paused', 'custom', 'example.com', '\\x00', 'paused', $2)`,
    [destinationId, user.id],
  )
  await database.pool.query('update deliveries set destination_id = $2 where id = $1', [
    pausedId,
    destinationId,
  ])
  const ofOperation = await dueFor(800)
  await database.pool.query('update deliveries set operation_id = $2 where id = $1', [
    ofOperation,
    await operation('paused', 1, 1),
  ])
  const { oldestDueSeconds } = await readDatabaseMetrics(database)
  expect(oldestDueSeconds).toEqual({ live: 0, retry: 0, bulk: 0 })
})

test('retries are counted by when they are due', async () => {
  for (const seconds of [0, 30, 300, 310, 3_000, 40_000]) await retryIn(seconds)
  const { id } = await saveNewDelivery(database, user.id)
  await recordAttempt(database, 0)(await claimSaved(database, id), deliveredAttempt())
  expect((await readDatabaseMetrics(database)).retriesDue).toEqual({
    now: 1,
    '1m': 1,
    '10m': 2,
    '1h': 1,
    later: 1,
  })
})

test('the outbox lag is the time for which the sweeper is late', async () => {
  const id = await dueFor(0)
  expect((await readDatabaseMetrics(database)).outboxLagSeconds).toBe(0)
  await database.pool.query(`update deliveries set sweep_at = now() - interval '90 s' where id = $1`, [id])
  expect(Math.floor((await readDatabaseMetrics(database)).outboxLagSeconds / 10)).toBe(9)
})

test('operations are counted with their started and their remaining members', async () => {
  const id = await operation('running', 50, 12)
  await operation('paused', 10, 4)
  await database.pool.query(
    `insert into operation_items (operation_id, number, ghost_vid, outcome)
     select $1, n, 'gv_x', case when n <= 3 then 'waiting' else 'delivered' end from generate_series(1, 12) n`,
    [id],
  )
  expect(await readDatabaseMetrics(database)).toMatchObject({
    operations: { running: 1, paused: 1 },
    operationItemsLeft: { begun: 3, to_come: 44 },
  })
})

test('paused lanes and running workers are counted', async () => {
  await recordHeartbeat(database, {
    id: randomUUIDv7(),
    host: 'h',
    version: '1',
    concurrency: 1,
    lockKey: null,
  })
  await database.pool.query(`insert into lane_pauses (lane, reason, paused_by) values ('bulk', 'r', $1)`, [
    user.id,
  ])
  expect(await readDatabaseMetrics(database)).toMatchObject({
    lanesPaused: { live: 0, retry: 0, bulk: 1 },
    workers: 1,
  })
})

test('the statement reads each lane from the beginning of its index', async () => {
  await database.pool.query(
    `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_host, include_journey,
       include_events, requested_by, state, next_attempt_at, sweep_at, series_start, attempts)
     select gen_random_uuid(), 4, 1, 'gv_x', 'custom', 'h', true, true, $1,
       case when n % 10 = 0 then 'queued' else 'delivered' end, case when n % 10 = 0 then now() end,
       case when n % 10 = 0 then now() end, 0, case when n % 10 = 0 then 0 else 1 end
     from generate_series(1, 20000) n`,
    [user.id],
  )
  await database.pool.query('analyze deliveries')
  const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${databaseMetricsSql}`)
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan.match(/deliveries_due_idx/g)?.length).toBe(5)
  expect(plan).toMatch(/deliveries_sweep_at_idx/)
  expect(plan).not.toMatch(/Seq Scan on deliveries/)
})
