import { randomUUID } from 'node:crypto'
import { storePayload, recordAttempt } from '@ghostpost/infrastructure/database/attempts'
import { pruneExpired, pruneStatements, type RetentionDays } from '@ghostpost/infrastructure/database/upkeep'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import type { QueryConfig } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { claimSaved, deliveredAttempt, saveNewDelivery } from '../attempts/delivery-fixtures.ts'

let database: TestDatabase
let user: TestUser
const retention: RetentionDays = { bodies: 30, deliveries: 90, audit: 365 }
const { signal: neverAborted } = new AbortController()

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

beforeEach(async () => {
  await database.prisma.delivery.deleteMany()
  await database.prisma.auditEntry.deleteMany()
  await database.prisma.failureGroup.deleteMany()
})

afterAll(() => database.drop())

const prune = (): Promise<Record<string, number>> => pruneExpired(database, retention, neverAborted)

/** A delivery of this age with its payload and, when it is finished, its only attempt. */
async function deliveryOf(ageDays: number, end: 'delivered' | 'unfinished'): Promise<string> {
  const { id } = await saveNewDelivery(database, user.id, {
    idempotency: { key: `${ageDays} ${end}`, requestDigest: 'x' },
  })
  const claim = await claimSaved(database, id)
  await storePayload(database)(claim, 'payload')
  if (end === 'delivered') await recordAttempt(database, 1_000)(claim, deliveredAttempt())
  await makeOlder(id, ageDays)
  return id
}

async function makeOlder(id: string, ageDays: number): Promise<void> {
  const then = `now() - ${ageDays} * interval '1 day'`
  const { pool } = database
  await pool.query(`update deliveries set created_at = ${then} where id = $1`, [id])
  await pool.query(`update payloads set built_at = ${then} where delivery_id = $1`, [id])
  await pool.query(`update attempts set started_at = ${then} where delivery_id = $1`, [id])
}

async function remaining(id: string): Promise<string[]> {
  const delivery = await database.prisma.delivery.findUnique({
    where: { id },
    include: { payload: true, attemptRows: true },
  })
  if (!delivery) return []
  const [attempt] = delivery.attemptRows
  return [
    'delivery',
    ...(delivery.payload ? ['payload'] : []),
    ...(attempt ? ['attempt'] : []),
    ...(attempt?.responseBody || attempt?.responseHeaders ? ['answer'] : []),
  ]
}

describe('pruning', () => {
  test.each([
    [29, ['delivery', 'payload', 'attempt', 'answer']],
    [31, ['delivery', 'attempt']],
    [89, ['delivery', 'attempt']],
    [91, []],
  ])('of a delivery that ended %i days ago this is kept: %j', async (ageDays, expected) => {
    const id = await deliveryOf(ageDays, 'delivered')
    await prune()
    expect(await remaining(id)).toEqual(expected)
  })

  test('changes no unfinished delivery, however old it is', async () => {
    const id = await deliveryOf(400, 'unfinished')
    expect(await prune()).toEqual({})
    expect(await remaining(id)).toEqual(['delivery', 'payload'])
  })

  test('keeps an old delivery that was attempted recently', async () => {
    const id = await deliveryOf(1, 'delivered')
    await database.pool.query(
      `update deliveries set created_at = now() - interval '200 days' where id = $1`,
      [id],
    )
    await prune()
    expect(await remaining(id)).toEqual(['delivery', 'payload', 'attempt', 'answer'])
  })

  test('removes the stored request of an attempt, also when it has no response', async () => {
    const id = await deliveryOf(31, 'delivered')
    await database.pool.query(
      `update attempts set response_body = null, response_headers = null, request_body = 'x', request_headers = '{}'
       where delivery_id = $1`,
      [id],
    )
    expect(await prune()).toMatchObject({ responses: 1 })
    const attempt = await database.prisma.attempt.findFirstOrThrow({ where: { deliveryId: id } })
    expect(attempt).toMatchObject({ requestBody: null, requestHeaders: null })
    expect(await prune()).toEqual({})
  })

  test('deletes audit entries after a year', async () => {
    await database.pool.query(
      `insert into audit_log (at, action, object_type, request_id, ip)
       select now() - n * interval '1 day', 'session.created', 'session', 'r', 'x' from generate_series(363, 367) n`,
    )
    expect(await prune()).toEqual({ 'audit entries': 3 })
  })

  test('deletes expired sessions', async () => {
    await database.pool.query(
      `insert into sessions (token_hash, user_id, expires_at)
       select
         decode(lpad((n + 2)::text, 64, '0'), 'hex'),
         $1,
         now() + n * interval '1 minute'
       from unnest(array[-2, -1, 1]) n`,
      [user.id],
    )
    expect(await prune()).toEqual({ sessions: 2 })
    expect(await database.prisma.session.count()).toBe(1)
  })

  test('deletes API keys a month after they expired or were revoked', async () => {
    await database.pool.query(
      `insert into api_keys (id, site_id, user_id, name, role, prefix, token_hash, expires_at, revoked_at)
       select
         gen_random_uuid(),
         4,
         $1,
         n::text,
         'viewer',
         'gp_abcdef',
         decode(lpad((n + 70)::text, 64, '0'), 'hex'),
         now() + case when n < 0 then n else 99 end * interval '1 day',
         case when n > 0 then now() - n * interval '1 day' end
       from unnest(array[-31, -29, 31, 29, 0]) n`,
      [user.id],
    )
    expect(await prune()).toEqual({ 'API keys': 2 })
    expect(await database.prisma.apiKey.count()).toBe(3)
  })

  test('deletes alerts with the deliveries, and keeps their rules', async () => {
    await database.pool.query(
      `with rule as (
         insert into alert_rules (id, site_id, name, kind, cooldown_seconds, created_by)
         values (gen_random_uuid(), 4, 'r', 'dead_letters', 60, $1) returning id
       ) insert into alerts (id, rule_id, phase, subject, body, created_at)
         select gen_random_uuid(), rule.id, 'firing', 's', 'b', now() - days * interval '1 day'
         from rule, unnest(array[89, 91, 400]) days`,
      [user.id],
    )
    expect(await prune()).toEqual({ alerts: 2 })
    expect(await database.prisma.alertRule.count()).toBe(1)
  })

  test.each([
    ['finished', 89, ['operation', 'items']],
    ['finished', 91, []],
    ['running', 400, ['operation', 'items']],
  ])('of an operation that is %s since %i days this is kept: %j', async (state, ageDays, expected) => {
    const id = await operationOf(state, ageDays)
    await prune()
    expect(await remainingOfOperation(id)).toEqual(expected)
  })

  test('deletes a plan that nobody started after a day', async () => {
    const [old, young] = [await operationOf('planned', 2), await operationOf('planned', 0)]
    expect(await prune()).toMatchObject({ operations: 1 })
    expect(await remainingOfOperation(old)).toEqual([])
    expect(await remainingOfOperation(young)).toEqual(['operation'])
  })

  test('deletes the note on a failure group with its last dead letter', async () => {
    await deliveryOf(91, 'delivered')
    const failed = await deliveryOf(80, 'delivered')
    await database.pool.query(`update deliveries set state = 'failed' where id = $1`, [failed])
    await database.pool.query(
      `insert into failure_groups (site_id, fingerprint, state, changed_by, changed_at)
       select 4, f, 'acknowledged', $1, now() - interval '91 days'
       from unnest(array['gone', (select failure from deliveries where id = $2)]) f`,
      [user.id, failed],
    )
    expect(await prune()).toMatchObject({ 'failure groups': 1 })
    expect(await database.prisma.failureGroup.count({ where: { fingerprint: 'gone' } })).toBe(0)
  })

  test('deletes statistics: minutes after two days, hours with deliveries, those of sites after an hour', async () => {
    await database.pool.query(
      `insert into delivery_stats (site_id, subject, span, at)
       select 4, gen_random_uuid(), span, now() - days * interval '1 day'
       from (values (60), (3600)) s(span), unnest(array[1, 3, 89, 91]) days`,
    )
    await database.pool.query(
      `insert into lane_stats (lane, at) select 'live', now() - days * interval '1 day' from unnest(array[1, 3]) days`,
    )
    await database.pool.query(
      `insert into site_lane_stats (site_id, lane, at)
       select 4, 'live', now() - minutes * interval '1 minute' from unnest(array[5, 59, 61]) minutes`,
    )
    expect(await prune()).toMatchObject({
      'statistics by the minute': 3,
      'statistics by the hour': 1,
      'statistics of lanes': 1,
      'statistics of sites in lanes': 1,
    })
  })

  test('finds nothing to delete a second time', async () => {
    await deliveryOf(200, 'delivered')
    expect(await prune()).toMatchObject({ deliveries: 1 })
    expect(await prune()).toEqual({})
  })
})

async function operationOf(state: string, ageDays: number): Promise<string> {
  const id = randomUUID()
  await database.pool.query(
    `with o as (
       insert into operations (
         id, site_id, kind, state, selection, selection_key, rate, canary, matched, watermark, created_by,
         created_at, finished_at
       )
       select
         $1::text::uuid, 4, 'resend', case $2::text when 'finished' then 'completed' else $2 end,
         '{}', $1, 1, 'off', 3, now(), $4::uuid,
         now() - $3::int * interval '1 day', case $2 when 'finished' then now() - $3 * interval '1 day' end
       returning id, state
     )
     insert into operation_items (operation_id, number, ghost_vid)
     select id, n, 'gv_x'
     from o
     cross join generate_series(1, 3) n
     where state <> 'planned'`,
    [id, state, ageDays, user.id],
  )
  return id
}

async function remainingOfOperation(id: string): Promise<string[]> {
  const operation = await database.prisma.operation.findUnique({ where: { id } })
  const items = await database.prisma.operationItem.count({ where: { operationId: id } })
  return [...(operation ? ['operation'] : []), ...(items === 3 ? ['items'] : [])]
}

test('pruning skips locked rows and does not wait for them', async () => {
  const locked = await deliveryOf(100, 'delivered')
  const free = await deliveryOf(101, 'delivered')
  const client = await database.pool.connect()
  try {
    await client.query('begin')
    await client.query('select from deliveries where id = $1 for update', [locked])
    await client.query('select from payloads where delivery_id = $1 for update', [locked])
    await client.query(`set local lock_timeout = '1s'`)
    await prune()
    expect(await remaining(locked)).toContain('payload')
    expect(await remaining(free)).toEqual([])
  } finally {
    await client.query('rollback')
    client.release()
  }
  await prune()
  expect(await remaining(locked)).toEqual([])
})

test('several workers can prune at the same time', async () => {
  await insertExpiredRows(3_000)
  const removed = await Promise.all([prune(), prune(), prune()])
  expect(removed.reduce((sum, { deliveries = 0 }) => sum + deliveries, 0)).toBe(1_500)
})

test('pruning stops between two batches when its signal aborts', async () => {
  await insertExpiredRows(3_000)
  expect(await pruneExpired(database, retention, AbortSignal.abort())).toEqual({})
  expect(await database.prisma.delivery.count()).toBe(3_000)
})

describe('on tens of thousands of rows', () => {
  const tables = /"Node Type":"Seq Scan"[^{}]*"Relation Name":"(\w+)"/g

  const indexes = {
    payloads: 'payloads_built_at_idx',
    responses: 'attempts_kept_bodies_idx',
    deliveries: 'deliveries_finished_idx',
    'audit entries': 'audit_log_at_idx',
    'idempotency keys': 'idempotency_keys_created_at_idx',
    'statistics by the minute': 'delivery_stats_span_at_idx',
    'statistics by the hour': 'delivery_stats_span_at_idx',
    'statistics of lanes': 'lane_stats_at_idx',
    'statistics of sites in lanes': 'site_lane_stats_at_idx',
  }

  test('each statement reads its index and scans no table', { timeout: 300_000 }, async () => {
    await insertExpiredRows(40_000)
    for (const [name, index] of Object.entries(indexes)) {
      const statement = pruneStatements.find((one) => one.name === name)
      const retentionDays = statement?.retentionDays(retention) ?? null
      const { rows } = await database.pool.query(
        `explain (format json) ${statement?.sql ?? ''}`,
        retentionDays === null ? [] : [retentionDays],
      )
      const plan = JSON.stringify(rows)
      expect({ name, readsIndex: plan.includes(index) }).toEqual({ name, readsIndex: true })
      expect([...plan.matchAll(tables)].map(([, table]) => table)).toEqual([])
      // On larger tables the planner would hash an anti join, which scans a whole table for every batch.
      expect(plan).not.toMatch(/"Join Type":"\w*Anti"/)
    }
  })
})

/** Inserts finished deliveries with all their rows, from today to 180 days ago: half of them have expired. */
async function insertExpiredRows(count: number): Promise<void> {
  const client = await database.pool.connect()
  // A slow machine needs longer for this many rows than the time limits of the pool.
  const generous = { query_timeout: 240_000 }
  await client.query('set statement_timeout = 0')
  await client.query({ ...generous, text: insertExpiredSql, values: [count, user.id] } as QueryConfig)
  await client.query({ ...generous, text: `analyze ${tablesOfDeliveries}` } as QueryConfig)
  client.release(true)
}

const tablesOfDeliveries =
  'deliveries, payloads, attempts, idempotency_keys, audit_log, delivery_stats, lane_stats, site_lane_stats'

const insertExpiredSql = `
  with ages as (
    select
      gen_random_uuid() as id,
      now() - ((n - 0.5) * 180.0 / $1) * interval '1 day' as at
    from generate_series(1, $1) n
  ),
  new_deliveries as (
    insert into deliveries (
      id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host, include_journey, include_events,
      requested_by, state, attempts, next_attempt_at, sweep_at, created_at
    )
    select
      id, 4, 1, 'gv_x', 'custom', 'https://example.com', 'example.com', true, true,
      $2, 'delivered', 1, null, null, at
    from ages
  ),
  new_payloads as (
    insert into payloads (delivery_id, body, built_at)
    select id, '{}', at from ages
  ),
  new_keys as (
    insert into idempotency_keys (user_id, key, request_digest, delivery_id, created_at)
    select $2, id::text, 'x', id, at from ages
  ),
  new_audit as (
    insert into audit_log (at, action, object_type, request_id, ip)
    select at, 'x', 'x', 'x', 'x' from ages
  ),
  new_stats as (
    insert into delivery_stats (site_id, subject, span, at)
    select 4, id, span, at from ages cross join (values (60), (3600)) spans(span)
  ),
  new_lane_stats as (
    insert into lane_stats (lane, at)
    select id::text, at from ages
  ),
  new_site_lane_stats as (
    insert into site_lane_stats (site_id, lane, at)
    select 4, id::text, at from ages
  )
  insert into attempts (
    delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown, response_body
  )
  select id, 1, at, 1, 'answered', 'delivered', false, 'ok' from ages`
