import { randomUUID } from 'node:crypto'
import type { NewAlertRule } from '@ghostpost/infrastructure/database/alerts'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { countedDeliveries } from '../../../src/database/alerts/counted-deliveries.ts'
import { evaluateDueRule, createTestDestination, createTestRule, insertDeliveries } from './alert-fixtures.ts'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4, 7])
})

beforeEach(async () => {
  await database.pool.query('delete from alert_rules')
  await database.pool.query('delete from deliveries')
  await database.pool.query('delete from destinations')
  await database.pool.query('delete from operations')
})

afterAll(() => database.drop())

type Kind = NewAlertRule['kind']

const limits = { threshold: 1, windowSeconds: 900, minimumCount: 1 }

/** The value that a rule of this kind measures now. */
async function measuredValue(kind: Kind, changes: Partial<NewAlertRule> = {}): Promise<number | null> {
  const id = await createTestRule(database, user.id, { kind, ...limits, ...changes })
  const { rule, value } = await evaluateDueRule(database)
  expect(rule.id).toBe(id)
  await database.pool.query('delete from alert_rules')
  return value
}

const insertForUser = (fixture: Parameters<typeof insertDeliveries>[2]): Promise<void> =>
  insertDeliveries(database, user.id, fixture)

describe('the failure rate', () => {
  test('counts exports made in the window that failed or wait for a retry', async () => {
    await insertForUser({ count: 5 })
    await insertForUser({ count: 2, state: 'failed', cause: 'not_found' })
    await insertForUser({ count: 2, state: 'retrying', cause: 'timed_out', dueFor: -600 })
    await insertForUser({ state: 'delivering', cause: 'timed_out' })
    // These do not count: untried, cancelled, too old.
    await insertForUser({ count: 3, state: 'queued' })
    await insertForUser({ count: 3, state: 'delivering' })
    await insertForUser({ count: 3, state: 'cancelled', cause: 'superseded' })
    await insertForUser({ count: 9, state: 'failed', cause: 'not_found', ago: 1_000 })
    expect(await measuredValue('failure_rate')).toBe(50)
  })

  test('counts only a type or a destination if the rule says so', async () => {
    const destinationId = await createTestDestination(database, user.id)
    await insertForUser({ count: 8 })
    await insertForUser({ count: 1, destinationId })
    await insertForUser({ count: 1, destinationId, state: 'failed', cause: 'x' })
    await insertForUser({ count: 1, type: 'slack', state: 'failed', cause: 'x' })
    await insertForUser({ count: 3, type: 'slack' })
    expect(await measuredValue('failure_rate', { watchedDestinationId: destinationId })).toBe(50)
    expect(await measuredValue('failure_rate', { webhookType: 'slack' })).toBe(25)
    expect(await measuredValue('failure_rate', { webhookType: 'discord' })).toBeNull()
    expect(await measuredValue('failure_rate', { watchedDestinationId: randomUUID() })).toBeNull()
  })

  test('ignores other sites', async () => {
    await insertForUser({ count: 9, state: 'failed', cause: 'x' })
    expect(await measuredValue('failure_rate', { siteId: 7 })).toBeNull()
  })
})

test('dead letters that are recovered do not count', async () => {
  await insertForUser({ count: 3, state: 'failed', cause: 'x' })
  await database.pool.query(
    `update deliveries set recovered_by = id where id = (select min(id::text)::uuid from deliveries)`,
  )
  expect(await measuredValue('dead_letters')).toBe(2)
})

test('dead letters count by the time of their last attempt, at any age', async () => {
  await insertForUser({ count: 3, state: 'failed', cause: 'x', ago: 200_000 })
  await insertForUser({ count: 2, state: 'failed', cause: 'x' })
  await insertForUser({ count: 4 })
  await database.pool.query(
    `update deliveries
     set finished_at = now() - interval '1 hour'
     where id = (select min(id::text)::uuid from deliveries where state = 'failed')`,
  )
  expect(await measuredValue('dead_letters')).toBe(4)
  expect(await measuredValue('dead_letters', { webhookType: 'slack' })).toBe(0)
})

test('the window of dead letters starts when the oldest was made, so that the link shows each of them', async () => {
  await insertForUser({ count: 3, state: 'failed', cause: 'x', ago: 200_000 })
  const destinationId = await createTestDestination(database, user.id)
  await createTestRule(database, user.id, { kind: 'dead_letters', ...limits, destinationId })
  await evaluateDueRule(database)
  const { rows } = await database.pool.query<{ body: string }>('select body from payloads')
  const { window } = JSON.parse(rows[0]?.body ?? '{}') as { window: { from: string; to: string } }
  const spanSeconds = (Date.parse(window.to) - Date.parse(window.from)) / 1_000
  expect(spanSeconds).toBeGreaterThanOrEqual(199_999)
})

test('disabled destinations count, paused ones do not', async () => {
  const [gone, paused] = [
    await createTestDestination(database, user.id),
    await createTestDestination(database, user.id),
  ]
  await database.pool.query(
    `update destinations set state = case when id = $1 then 'disabled' else 'paused' end`,
    [gone],
  )
  expect(await measuredValue('destination_disabled')).toBe(1)
  expect(await measuredValue('destination_disabled', { watchedDestinationId: paused })).toBe(0)
  expect(await measuredValue('destination_disabled', { watchedDestinationId: gone })).toBe(1)
  expect(await measuredValue('destination_disabled', { webhookType: 'slack' })).toBe(0)
})

describe('the age of the queue', () => {
  test('is the time since the oldest delivery was due', async () => {
    await insertForUser({ count: 5, state: 'queued', dueFor: 20 })
    await insertForUser({ state: 'retrying', cause: 'x', dueFor: 700, ago: 90_000 })
    await insertForUser({ state: 'retrying', cause: 'x', dueFor: -3_600 })
    await insertForUser({ count: 3, state: 'delivering', dueFor: 9_000 })
    expect(await measuredValue('queue_age')).toBeGreaterThanOrEqual(700)
    expect(await measuredValue('queue_age')).toBeLessThan(760)
    expect(await measuredValue('queue_age', { webhookType: 'slack' })).toBe(0)
  })

  test('ignores what waits for a receiver that is left alone, and names that receiver', async () => {
    await insertForUser({
      count: 3,
      state: 'retrying',
      cause: 'x',
      dueFor: 5_000,
      receiver: 'away.example.com',
    })
    await insertForUser({ state: 'queued', dueFor: 30 })
    await database.pool.query(
      `insert into receiver_holds (budget, reason, until)
       values ('4:host:away.example.com', 'breaker_open', now() + interval '1 minute')`,
    )
    expect(await measuredValue('queue_age')).toBeLessThan(90)
    const destinationId = await createTestDestination(database, user.id)
    const rule = { kind: 'queue_age', ...limits, destinationId } as const
    await createTestRule(database, user.id, rule)
    await evaluateDueRule(database)
    const { rows } = await database.pool.query<{ body: string }>('select body from payloads')
    expect(rows[0]?.body).toContain(
      'Not counted, because they wait for their receivers: 3 for away.example.com (its circuit breaker is open).',
    )
    await database.pool.query('delete from receiver_holds')
    await database.pool.query('delete from alert_rules')
    expect(await measuredValue('queue_age')).toBeGreaterThanOrEqual(5_000)
  })

  test('ignores paused destinations and operations', async () => {
    const destinationId = await createTestDestination(database, user.id)
    await database.pool.query(`update destinations set state = 'paused'`)
    await insertForUser({ state: 'queued', dueFor: 5_000, destinationId })
    await insertForUser({ state: 'queued', dueFor: 5_000, receiver: 'paused.example.com' })
    const { rows } = await database.pool.query<{ id: string }>(
      `insert into operations (
         id,
         site_id,
         kind,
         state,
         selection,
         selection_key,
         rate,
         canary,
         matched,
         watermark,
         created_by
       )
       values (gen_random_uuid(), 4, 'resend', 'paused', '{}', 'k', 1, 'off', 1, now(), $1)
       returning id`,
      [user.id],
    )
    await database.pool.query(
      `update deliveries set operation_id = $1 where receiver_host = 'paused.example.com'`,
      [rows[0]?.id],
    )
    expect(await measuredValue('queue_age')).toBe(0)
  })
})

test('a backlog that grows fires after several evaluations, whose samples the rule stores', async () => {
  await createTestRule(database, user.id, { kind: 'not_draining', ...limits, threshold: 30 })
  const secondsApart = 60
  const values: (number | null)[] = []
  for (let evaluation = 0; evaluation < 16; evaluation += 1) {
    await insertForUser({ count: 10, state: 'queued', dueFor: 1 })
    values.push((await evaluateDueRule(database)).value)
    // Makes the samples older, as if time had passed.
    await database.pool.query(
      `update alert_rules
       set samples = (
         select coalesce(jsonb_agg(jsonb_set(s, '{at}', to_jsonb(to_char(
           (s ->> 'at')::timestamptz at time zone 'utc' - $1 * interval '1 s',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
         )))), '[]')
         from jsonb_array_elements(samples) s
       )`,
      [secondsApart],
    )
  }
  expect(values.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => null))
  expect(values.at(-1)).toBeGreaterThanOrEqual(60)
  expect(await database.prisma.alertRule.findFirst()).toMatchObject({ state: 'firing' })
})

describe('over tens of thousands of deliveries', () => {
  const sequentialScan = /"Node Type":"Seq Scan"[^{}]*"Relation Name":"deliveries"/

  test.each([
    ['failure_rate', /deliveries_(pkey|site_id_id_idx)/],
    ['dead_letters', /deliveries_(dead|failed|failure|open_failed|open_failure)_idx/],
    ['queue_age', /deliveries_(sweep_at|unfinished|due)_idx/],
  ] as const)('%s uses an index', async (kind, index) => {
    for (let part = 0; part < 8; part += 1) await insertForUser({ count: 5_000, ago: 5_000 })
    await insertForUser({ count: 500, state: 'failed', cause: 'x', ago: 100 })
    await insertForUser({ count: 500, state: 'retrying', cause: 'x', ago: 100, dueFor: -7_200 })
    await database.pool.query('analyze deliveries')
    const rule = { id: '', name: '', siteId: 4, siteName: '', kind, webhookType: null, ...limits }
    const from = new Date(Date.now() - 900_000)
    const { sql, values } = countedDeliveries(kind, { ...rule, watchedDestinationId: null }, from)
    const { rows } = await database.pool.query(
      `explain (format json) ${sql} select count(*), min(next_attempt_at) from counted`,
      [...values],
    )
    const plan = JSON.stringify(rows)
    expect(plan).toMatch(index)
    expect(plan).not.toMatch(sequentialScan)
  })
})
