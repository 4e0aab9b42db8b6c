import { cancelOperation, findOperation } from '@ghostpost/infrastructure/database/operations'
import { pruneExpired } from '@ghostpost/infrastructure/database/upkeep'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { byFilter, byIds, operationFixture, type OperationFixture } from './operation-fixtures.ts'

let database: TestDatabase
let user: TestUser
let fixture: OperationFixture

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
  fixture = operationFixture(database, user.id)
})

beforeEach(async () => {
  await database.pool.query('truncate operations, deliveries, payloads, attempts, destinations cascade')
})

afterAll(() => database.drop())

const failed = byFilter({ status: 'failed' })
const all = byFilter({ receiver: 'hooks.example.com' })

describe('a plan counts, and the operation skips', () => {
  const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)

  test.each([
    ['resend', 'unfinished', { state: 'retrying' }],
    ['resend', 'payload_gone', { payload: null }],
    ['resend', 'destination_gone', { url: null }],
    ['re_export', 'unfinished', { state: 'queued' }],
    ['re_export', 'visitor_gone', { vid: 'gv_gone' }],
    ['re_export', 'destination_gone', { url: null }],
  ] as const)('for a %s: %s', async (kind, reason, given) => {
    await fixture.insertDeliveries({}, given, ...times(2, {}))
    const { operation, will_skip, matched } = await fixture.plan(kind, all)
    expect({ matched, will_skip }).toEqual({ matched: 4, will_skip: [{ reason, count: 1 }] })
    await fixture.start(operation.operation_id)
    const fed = await fixture.feed(operation.operation_id)
    expect(fed?.deliveries).toHaveLength(3)
    expect(
      (await fixture.ledger(operation.operation_id)).filter(([outcome]) => outcome === 'skipped'),
    ).toEqual([['skipped', reason]])
  })

  test.each([
    ['resend', 'paused', 'destination_paused'],
    ['resend', 'disabled', 'destination_disabled'],
    ['re_export', 'paused', 'destination_paused'],
    ['re_export', 'disabled', 'destination_disabled'],
  ] as const)('for a %s: deliveries of a destination that is %s', async (kind, state, reason) => {
    await fixture.insertDeliveries({ destinationId: await fixture.destination(state) }, {})
    const { operation, will_skip } = await fixture.plan(kind, all)
    expect(will_skip).toEqual([{ reason, count: 1 }])
    await fixture.start(operation.operation_id)
    await fixture.feed(operation.operation_id)
    expect((await fixture.read(operation.operation_id)).skipped_because).toEqual({ [reason]: 1 })
  })

  test('for an export: visitors, while their destination is paused', async () => {
    const destinationId = await fixture.destination('paused')
    const selection = {
      kind: 'visitors',
      visitors: { country: 'Japan', seen_from: '2026-01-01T00:00:00Z' },
    } as const
    const { operation, matched, will_skip, by_receiver } = await fixture.plan('export', selection, {
      destinationId,
    })
    expect(matched).toBeGreaterThan(100)
    expect(will_skip).toEqual([{ reason: 'destination_paused', count: matched }])
    expect(by_receiver).toMatchObject([{ destination_id: destinationId, count: matched }])
    await fixture.start(operation.operation_id)
    expect((await fixture.feed(operation.operation_id))?.deliveries).toEqual([])
  })

  test('for a resend: snapshots that would overwrite a newer one in a CRM', async () => {
    await fixture.insertDeliveries(
      { type: 'hubspot', builtAt: `now() - interval '1 hour'` },
      { type: 'hubspot', state: 'delivered' },
      { type: 'salesforce', builtAt: `now() - interval '1 hour'` },
      { type: 'custom', builtAt: `now() - interval '1 hour'` },
    )
    const { will_skip } = await fixture.plan('resend', failed)
    expect(will_skip).toEqual([{ reason: 'superseded', count: 1 }])
    expect((await fixture.plan('re_export', failed)).will_skip).toEqual([])
  })
})

describe('a plan warns', () => {
  const warnings = async (
    ...request: Parameters<OperationFixture['plan']>
  ): Promise<[string, number | null][]> =>
    (await fixture.plan(...request)).warnings.map(({ code, count }) => [code, count])

  test('of delivered members and of members whose receiver may have acted, with their numbers', async () => {
    await fixture.insertDeliveries(
      { state: 'delivered' },
      { state: 'delivered', type: 'hubspot' },
      { type: 'slack', unknownAttempts: 3 },
      { type: 'discord', unknownAttempts: 1 },
      { type: 'discord' },
      { type: 'custom', unknownAttempts: 1 },
      { type: 'salesforce', unknownAttempts: 1 },
    )
    // A custom receiver recognises the webhook-id of a resend. A chat shows the message twice.
    expect(await warnings('resend', all)).toEqual([
      ['duplicates', 2],
      ['possible_duplicates', 2],
    ])
    // A re-export has a new webhook-id. Only a CRM, which keeps one record per visitor, absorbs it.
    expect(await warnings('re_export', all)).toEqual([
      ['duplicates', 1],
      ['possible_duplicates', 3],
    ])
    const elsewhere = { destinationId: await fixture.destination('enabled') }
    expect(await warnings('re_export', all, elsewhere)).toEqual([])
  })

  test('that it does not count skips when there are too many members', async () => {
    await insertDeadLetters(1, 5_001, 'hubspot')
    expect(await warnings('resend', all)).toEqual([['superseded_not_counted', null]])
    for (let from = 10_000; from < 110_000; from += 20_000)
      await insertDeadLetters(from, from + 19_999, 'custom')
    expect(await warnings('resend', all)).toEqual([['skips_not_counted', null]])
  })
})

const insertDeadLettersSql = `
  insert into deliveries (
    id,
    site_id,
    visitor_id,
    ghost_vid,
    webhook_type,
    receiver_url,
    receiver_host,
    include_journey,
    include_events,
    requested_by,
    state,
    finished_at,
    sweep_at
  )
  select
    ('0193a000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    4,
    0,
    'gv_x',
    $4,
    'https://hooks.example.com',
    'hooks.example.com',
    true,
    true,
    $3,
    'failed',
    now(),
    null
  from generate_series($1::int, $2::int) n`

/** Inserts dead letters without a visitor and without a payload. */
async function insertDeadLetters(from: number, to: number, type: string): Promise<void> {
  await database.pool.query(insertDeadLettersSql, [from, to, user.id, type])
}

describe('visitors to export', () => {
  test.each([
    [{ country: 'Atlantis' }, 4],
    [{ country: 'Atlantis', identified: true }, 1],
    [{ country: 'Atlantis', identified: false }, 3],
    [{ country: 'Atlantis', score_min: 20 }, 3],
    [{ country: 'Atlantis', seen_from: '2026-05-02T00:00:00Z' }, 3],
    [{ country: 'Atlantis', seen_to: '2026-05-02T00:00:00Z' }, 1],
    [
      {
        country: 'Atlantis',
        seen_from: '2026-05-02T00:00:00Z',
        seen_to: '2026-05-03T00:00:00Z',
        score_min: 20,
      },
      1,
    ],
    [{ country: 'Nowhere' }, 0],
  ])('are selected by %j: %i', async (visitors, count) => {
    await database.pool.query(
      `insert into visitors (site_id, ghost_vid, country, score, identified_user_id, first_seen, last_seen)
       select
         case when n > 4 then 7 else 4 end,
         'gv_atlantis_' || n,
         'Atlantis',
         n * 10,
         case when n = 2 then 'a@example.com' end,
         '2026-05-01T00:00:00Z',
         timestamptz '2026-05-01T12:00:00Z' + (n - 1) * interval '1 day'
       from generate_series(1, 6) n
       on conflict do nothing`,
    )
    const destinationId = await fixture.destination('enabled')
    const { matched } = await fixture.plan('export', { kind: 'visitors', visitors }, { destinationId })
    expect(matched).toBe(count)
  })

  test('exclude visitors who came after the plan', async () => {
    const destinationId = await fixture.destination('enabled')
    const selection = { kind: 'visitors', visitors: { country: 'Lemuria' } } as const
    const insertVisitor = (vid: string, firstSeen: string) =>
      database.pool.query(
        `insert into visitors (site_id, ghost_vid, country, first_seen, last_seen)
         values (4, $1, 'Lemuria', ${firstSeen}, ${firstSeen})`,
        [vid],
      )
    await insertVisitor('gv_lemuria_1', `now() - interval '1 minute'`)
    const { operation } = await fixture.plan('export', selection, { destinationId })
    await insertVisitor('gv_lemuria_2', `now() + interval '1 second'`)
    await fixture.start(operation.operation_id)
    const fed = await fixture.feed(operation.operation_id)
    expect(fed?.deliveries).toMatchObject([{ destinationId, attemptsMade: 0 }])
    await fixture.feed(operation.operation_id)
    expect((await fixture.read(operation.operation_id)).counts).toMatchObject({
      matched: 1,
      waiting: 1,
      changed: 0,
    })
  })
})

describe('the members of a plan', () => {
  test('exclude an old delivery that fails after the plan', async () => {
    const [seen, later = ''] = await fixture.insertDeliveries({}, { state: 'retrying' })
    const { operation, matched } = await fixture.plan('resend', failed)
    expect(matched).toBe(1)
    await database.pool.query(
      `update deliveries
       set
         state = 'failed',
         finished_at = now() + interval '1 second',
         sweep_at = null
       where id = $1`,
      [later],
    )
    await fixture.start(operation.operation_id)
    const fed = await fixture.feed(operation.operation_id)
    expect(fed?.deliveries.map(({ deliveryId }) => deliveryId)).toEqual([seen])
  })

  test('are none after another plan has sent them', async () => {
    await fixture.insertDeliveries({}, {})
    const [first, second] = [await fixture.plan('resend', failed), await fixture.plan('resend', failed)]
    await fixture.start(first.operation.operation_id)
    await fixture.feed(first.operation.operation_id)
    await database.pool.query(
      `update deliveries set state = 'failed', finished_at = now() + interval '1 second', sweep_at = null`,
    )
    await database.pool.query(`update operation_items set outcome = 'failed'`)
    await fixture.feed(first.operation.operation_id)
    expect((await fixture.read(first.operation.operation_id)).state).toBe('completed')
    expect(await fixture.start(second.operation.operation_id)).toEqual({ kind: 'changed' })
    expect((await fixture.feed(second.operation.operation_id))?.deliveries).toEqual([])
    expect((await fixture.read(second.operation.operation_id)).counts).toMatchObject({
      matched: 2,
      changed: 2,
    })
  })

  test('add up when a user sends one of them before the operation does', async () => {
    const [sent = ''] = await fixture.insertDeliveries({}, {}, {})
    const { operation } = await fixture.plan('resend', failed)
    await database.pool.query(
      `update deliveries set state = 'delivered', finished_at = now() + interval '1 second' where id = $1`,
      [sent],
    )
    await fixture.start(operation.operation_id)
    await fixture.feed(operation.operation_id)
    await fixture.feed(operation.operation_id)
    const { counts } = await fixture.read(operation.operation_id)
    expect(counts).toMatchObject({ matched: 3, waiting: 2, changed: 1 })
  })

  test('selected by id have a ledger line each, even if a user has sent one of them', async () => {
    const ids = await fixture.insertDeliveries({}, {})
    const { operation } = await fixture.plan('resend', byIds(...ids))
    await database.pool.query(
      `update deliveries set finished_at = now() + interval '1 second' where id = $1`,
      [ids[0]],
    )
    await fixture.start(operation.operation_id)
    await fixture.feed(operation.operation_id)
    expect(await fixture.ledger(operation.operation_id)).toEqual([
      ['skipped', 'state_changed'],
      ['waiting', null],
    ])
  })
})

describe('feeding', () => {
  const started = async (id: string, creditMs: number): Promise<number> =>
    (await fixture.feed(id, creditMs))?.deliveries.length ?? 0

  test('keeps to a rate of less than one member per step', async () => {
    await fixture.insertDeliveries(...Array.from({ length: 5 }, () => ({})))
    const { operation } = await fixture.plan('resend', failed, { rate: 2 })
    await fixture.start(operation.operation_id)
    expect(await started(operation.operation_id, 400)).toBe(0)
    expect(await started(operation.operation_id, 600)).toBe(1)
    expect(await started(operation.operation_id, 60_000)).toBe(1)
  })

  test('has no credit when the operation starts', async () => {
    await fixture.insertDeliveries({}, {})
    const { operation } = await fixture.plan('resend', failed, { rate: 100 })
    await fixture.start(operation.operation_id)
    const { rows } = await database.pool.query<{ unused: number }>(
      'select extract(epoch from now() - paced_at)::float as unused from operations',
    )
    expect(rows[0]?.unused).toBeLessThan(60)
  })

  test('is limited by untried members, and not by members that wait for a retry', async () => {
    await fixture.insertDeliveries(...Array.from({ length: 120 }, () => ({})))
    const { operation } = await fixture.plan('resend', failed, { rate: 10 })
    const id = operation.operation_id
    await fixture.start(id)
    for (let step = 0; step < 12; step += 1) await fixture.feed(id)
    expect((await fixture.read(id)).counts.waiting).toBe(50)
    expect(await started(id, 1_000)).toBe(0)
    await database.pool.query(
      `update deliveries
       set
         state = 'retrying',
         attempts = attempts + 1,
         next_attempt_at = now() + interval '1 hour'
       where operation_id = $1`,
      [id],
    )
    expect(await started(id, 1_000)).toBe(5)
  })

  test('starts a canary past the skipped members', async () => {
    const paused = await fixture.destination('paused')
    await fixture.insertDeliveries(...Array.from({ length: 30 }, () => ({ destinationId: paused })))
    await fixture.insertDeliveries(...Array.from({ length: 15 }, () => ({})))
    const { operation } = await fixture.plan('resend', failed, { rate: 1_000, canary: true })
    await fixture.start(operation.operation_id)
    expect(await started(operation.operation_id, 1_000)).toBe(10)
    const { canary, counts } = await fixture.read(operation.operation_id)
    expect({ canary, counts }).toMatchObject({ canary: 'running', counts: { waiting: 10, skipped: 30 } })
    // No others start before those were attempted.
    expect(await started(operation.operation_id, 1_000)).toBe(0)
  })

  test('by several workers at once writes each member into the ledger once', async () => {
    await fixture.insertDeliveries(...Array.from({ length: 60 }, () => ({})))
    const { operation } = await fixture.plan('resend', failed, { rate: 10_000 })
    const id = operation.operation_id
    await fixture.start(id)
    const fed = await Promise.all([fixture.feed(id), fixture.feed(id), fixture.feed(id), fixture.feed(id)])
    const ids = fed.flatMap((one) => (one?.deliveries ?? []).map(({ deliveryId }) => deliveryId))
    expect([ids.length, new Set(ids).size]).toEqual([60, 60])
    expect(await fixture.ledger(id)).toHaveLength(60)
  })
})

describe('the same selection', () => {
  const selections = [
    byFilter({ status: 'failed,cancelled', receiver: 'hooks.example.com', from: '2020-01-01T00:00:00Z' }),
    byFilter({
      from: '2020-01-01T01:00:00+01:00',
      receiver: 'HOOKS.example.com',
      status: 'cancelled,failed',
    }),
  ] as const

  test('runs once, in any notation', async () => {
    await fixture.insertDeliveries({})
    const [first, second] = [
      await fixture.plan('resend', selections[0]),
      await fixture.plan('resend', selections[1]),
    ]
    expect(await fixture.start(first.operation.operation_id)).toEqual({ kind: 'changed' })
    expect(await fixture.start(second.operation.operation_id)).toEqual({
      kind: 'already_running',
      id: first.operation.operation_id,
    })
    const other = await fixture.plan('re_export', selections[0])
    expect(await fixture.start(other.operation.operation_id)).toEqual({ kind: 'changed' })
  })

  test('runs once when many users start it at the same time', async () => {
    await fixture.insertDeliveries({})
    const plans = await Promise.all([1, 2, 3, 4, 5].map(() => fixture.plan('resend', failed)))
    const starts = await Promise.all(
      [...plans, ...plans].map(({ operation }) => fixture.start(operation.operation_id)),
    )
    expect(starts.filter(({ kind }) => kind === 'changed')).toHaveLength(1)
    const { rows } = await database.pool.query(`select from operations where state = 'running'`)
    expect(rows).toHaveLength(1)
  })
})

describe('an operation that has ended', () => {
  async function endedOperation(): Promise<string> {
    await fixture.insertDeliveries(...Array.from({ length: 4 }, () => ({})), { state: 'retrying' })
    const { operation } = await fixture.plan('resend', all, { rate: 1_000 })
    const id = operation.operation_id
    await fixture.start(id)
    await fixture.feed(id)
    await cancelOperation(database, id, { userId: user.id, requestId: 'test', ip: 'x' })
    await fixture.feed(id)
    return id
  }

  test('stores the outcomes of its members', async () => {
    const id = await endedOperation()
    const { state, counts, skipped_because } = await fixture.read(id)
    expect({ state, counts, skipped_because }).toEqual({
      state: 'cancelled',
      counts: { matched: 5, waiting: 0, delivered: 0, failed: 0, skipped: 1, cancelled: 4, changed: 0 },
      skipped_because: { unfinished: 1 },
    })
    await database.pool.query('delete from operation_items')
    expect((await fixture.read(id)).counts).toEqual(counts)
  })

  test('is deleted with its ledger after the retention of deliveries; an unused plan after a day', async () => {
    const id = await endedOperation()
    const plan = await fixture.plan('resend', all)
    const prune = () =>
      pruneExpired(database, { bodies: 30, deliveries: 90, audit: 365 }, new AbortController().signal)
    await database.pool.query(
      `update operations
       set
         finished_at = finished_at - interval '89 days',
         created_at = created_at - interval '23 hours'`,
    )
    expect(await prune()).toEqual({})
    await database.pool.query(
      `update operations
       set
         finished_at = finished_at - interval '2 days',
         created_at = created_at - interval '2 hours'`,
    )
    expect(await prune()).toEqual({ 'ledger lines': 5, operations: 2 })
    expect(await findOperation(database, id)).toBeNull()
    expect(await findOperation(database, plan.operation.operation_id)).toBeNull()
  })
})
