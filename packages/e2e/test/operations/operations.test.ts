import { randomUUIDv7 } from 'node:crypto'
import { createAdminSession, createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from '../deliveries/dead-letters.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

beforeEach(async () => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
  await stack.database.pool.query('delete from operations')
  await stack.database.pool.query('delete from deliveries')
})

afterAll(() => stack.stop())

function deadLetters(count: number, cause?: string): Promise<string[]> {
  return makeDeadLetters(stack, count, cause)
}

interface Operation {
  operation_id: string
  state: string
  state_reason: string | null
  canary: string
  counts: Record<string, number>
  skipped_because: Record<string, number>
  progress: number
}

interface System {
  lanes: { waiting: number; active: number }[]
}

function plan(body: object): Promise<ApiResponse> {
  return callApi(stack, '/api/operations/plan', { body })
}

async function planned(body: object): Promise<string> {
  const response = await plan({ rate: 1_000, ...body })
  expect(response.status).toBe(201)
  return (response.body as unknown as { operation: Operation }).operation.operation_id
}

function start(id: string): Promise<ApiResponse> {
  return callApi(stack, '/api/operations', { body: { operation_id: id, reason: 'a test' } })
}

async function started(body: object): Promise<string> {
  const id = await planned(body)
  expect((await start(id)).status).toBe(202)
  return id
}

async function read(id: string): Promise<Operation> {
  return (await callApi(stack, `/api/operations/${id}`)).body as unknown as Operation
}

async function until(id: string, state: string): Promise<Operation> {
  await waitUntil(`the operation is ${state}`, async () => (await read(id)).state === state, 30_000)
  return read(id)
}

function change(id: string, to: string, body?: object): Promise<ApiResponse> {
  return callApi(stack, `/api/operations/${id}/${to}`, { method: 'POST', ...(body && { body }) })
}

function destinationIn({ body }: ApiResponse): { id: string } {
  return (body as unknown as { destination: { id: string } }).destination
}

const failed = { kind: 'resend', filter: { status: 'failed' } }

describe('a plan', () => {
  test('counts what an operation would do, and sends nothing', async () => {
    await deadLetters(12)
    await deadLetters(3, 'timed_out')
    const { status, body } = await plan({ ...failed, rate: 5 })
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        matched: 15,
        capped: false,
        by_type: [{ webhook_type: 'custom', count: 15 }],
        by_cause: [
          { cause: 'http_status_503', count: 12 },
          { cause: 'timed_out', count: 3 },
        ],
        will_skip: [],
        warnings: [],
        estimated_seconds: 3,
      }),
    ])
    expect(stack.receiver.requests).toEqual([])
  })

  test('warns of duplicates and counts what would be skipped', async () => {
    const [first, second] = await deadLetters(3)
    await stack.database.prisma.delivery.update({ where: { id: first ?? '' }, data: { state: 'delivered' } })
    await stack.database.prisma.delivery.update({ where: { id: second ?? '' }, data: { state: 'retrying' } })
    const { body } = await plan({ kind: 'resend', filter: { webhook_type: 'custom' } })
    expect(body).toMatchObject({
      will_skip: [{ reason: 'unfinished', count: 1 }],
      warnings: [{ code: 'duplicates' }],
    })
  })

  test.each([
    ['no selection', { kind: 'resend' }, 'filter_required'],
    ['an empty filter', { kind: 'resend', filter: {} }, 'filter_required'],
    ['an empty filter to re-export', { kind: 're_export', filter: {} }, 'filter_required'],
    ['two selections', { ...failed, delivery_ids: [randomUUIDv7()] }, 'validation_failed'],
    ['visitors to resend', { kind: 'resend', visitors: { country: 'Iceland' } }, 'validation_failed'],
    [
      'an export without a destination',
      { kind: 'export', visitors: { country: 'Iceland' } },
      'validation_failed',
    ],
    ['an export of deliveries', { kind: 'export', filter: { status: 'failed' } }, 'validation_failed'],
    ['a resend to another destination', { ...failed, destination_id: randomUUIDv7() }, 'validation_failed'],
    [
      'an unknown destination',
      { kind: 'export', visitors: { country: 'Iceland' }, destination_id: randomUUIDv7() },
      'destination_not_found',
    ],
    ['an empty visitor filter', { kind: 'export', visitors: {} }, 'validation_failed'],
    [
      'a cancellation at a destination',
      { kind: 'cancel', filter: { status: 'retrying' }, destination_id: randomUUIDv7() },
      'validation_failed',
    ],
    ['a rate of zero', { ...failed, rate: 0 }, 'validation_failed'],
    ['no kind', { filter: { status: 'failed' } }, 'validation_failed'],
  ])('is refused for %s', async (_name, body, code) => {
    expect(errorCodeOf(await plan(body))).toBe(code)
  })

  test('to another site’s destination is refused as if it did not exist', async () => {
    const { id: other } = await createUser(stack.database, [4, 7])
    const session = await createSessionToken(stack.database, other)
    const created = await callApi(stack, '/api/destinations', {
      session,
      body: { name: 'of site 7', webhook_type: 'custom', webhook_url: stack.receiver.url, siteId: 7 },
    })
    const { id: destination_id } = destinationIn(created)
    const body = { kind: 'export', visitors: { country: 'Iceland' }, destination_id }
    expect(errorCodeOf(await callApi(stack, '/api/operations/plan', { session, body }))).toBe(
      'destination_not_found',
    )
    expect(
      (await callApi(stack, '/api/operations/plan', { session, body: { ...body, siteId: 7 } })).status,
    ).toBe(201)
  })

  test('names the receivers of its deliveries, the most frequent first', async () => {
    const ids = await deadLetters(3)
    const created = await callApi(stack, '/api/destinations', {
      body: { name: 'the CRM', webhook_type: 'custom', webhook_url: `${stack.receiver.url}crm` },
    })
    const { id: destination_id } = destinationIn(created)
    await stack.database.prisma.delivery.update({
      where: { id: ids[0] ?? '' },
      data: { destinationId: destination_id, receiverUrl: null },
    })
    const { host } = new URL(stack.receiver.url)
    expect((await plan(failed)).body?.['by_receiver']).toEqual([
      { receiver: host, destination_id: null, destination_name: null, count: 2 },
      { receiver: host, destination_id, destination_name: 'the CRM', count: 1 },
    ])
  })

  test('cannot start after an hour', async () => {
    await deadLetters(1)
    const id = await planned(failed)
    await stack.database.pool.query(
      `update operations set created_at = now() - interval '61 minutes' where id = $1`,
      [id],
    )
    expect(errorCodeOf(await start(id))).toBe('operation_state')
  })
})

describe('an operation', () => {
  test('resends a canary first, then the other members, and its ledger adds up', async () => {
    const ids = await deadLetters(40)
    const id = await started(failed)
    const done = await until(id, 'completed')
    expect(done).toMatchObject({
      reason: 'a test',
      canary: 'passed',
      progress: 1,
      counts: { matched: 40, waiting: 0, delivered: 40, failed: 0, skipped: 0, cancelled: 0 },
    })
    const sent = stack.receiver.requests.map(({ headers }) => String(headers['webhook-id']))
    expect(sent.toSorted()).toEqual(ids.toSorted())
    expect(new Set(sent.slice(0, 10))).toEqual(new Set(ids.toSorted().slice(0, 10)))
  })

  test('excludes deliveries that were made after its plan', async () => {
    await deadLetters(3)
    const id = await planned(failed)
    const later = await deadLetters(2)
    await start(id)
    expect((await until(id, 'completed')).counts).toMatchObject({ matched: 3, delivered: 3 })
    const { rows } = await stack.database.pool.query<{ state: string }>(
      'select state from deliveries where id = any($1)',
      [later],
    )
    expect(rows.map(({ state }) => state)).toEqual(['failed', 'failed'])
  })

  test('skips members that have changed since its plan, with the reason', async () => {
    const [cut, busy] = await deadLetters(4)
    const id = await planned(failed)
    await stack.database.prisma.payload.delete({ where: { deliveryId: cut ?? '' } })
    // Somebody else has sent this one again, and it waits for its retry.
    await stack.database.pool.query(
      `update deliveries
       set
         state = 'retrying',
         next_attempt_at = now() + interval '1 hour',
         sweep_at = now() + interval '1 hour'
       where id = $1`,
      [busy],
    )
    await start(id)
    expect(await until(id, 'completed')).toMatchObject({
      counts: { delivered: 2, skipped: expect.any(Number) },
    })
    const { skipped_because, counts } = await read(id)
    expect({ skipped_because, counts }).toEqual({
      skipped_because: { payload_gone: 1 },
      counts: { matched: 4, waiting: 0, delivered: 2, failed: 0, skipped: 1, cancelled: 0, changed: 1 },
    })
  })

  test('pauses when too many of its canary fail, and resumes without a second canary', async () => {
    await deadLetters(25)
    stack.receiver.always(respond(400))
    const id = await started(failed)
    const paused = await until(id, 'paused')
    expect(paused).toMatchObject({ canary: 'failed', state_reason: 'canary: 10 of the first 10 failed' })
    expect(stack.receiver.requests).toHaveLength(10)
    stack.receiver.always(respond(200))
    expect((await change(id, 'resume')).status).toBe(200)
    expect((await until(id, 'completed')).counts).toMatchObject({ delivered: 15, failed: 10 })
  })

  test('starts no more members once paused, and has a ledger that adds up once cancelled', async () => {
    await deadLetters(60)
    const id = await started({ ...failed, rate: 20 })
    await waitUntil(
      'some are delivered',
      async () => ((await read(id)).counts['delivered'] ?? 0) >= 12,
      30_000,
    )
    const paused = await change(id, 'pause', { reason: 'lunch' })
    expect(paused.body).toMatchObject({ state: 'paused', state_reason: 'lunch' })
    // Workers claim none of the started deliveries any more, but a claim may have begun before the pause.
    const session = await createAdminSession(stack.database)
    await waitUntil('no worker has a job', async () => {
      const { lanes } = (await callApi(stack, '/api/system', { session })).body as unknown as System
      return lanes.every(({ waiting, active }) => waiting === 0 && active === 0)
    })
    const before = stack.receiver.requests.length
    await change(id, 'cancel')
    const { counts } = await until(id, 'cancelled')
    expect(stack.receiver.requests).toHaveLength(before)
    expect(counts['delivered']).toBe(before)
    const cancelled = await waitUntil('the ledger lists every cancelled member', async () => {
      const ledger = await callApi(stack, `/api/operations/${id}/items?outcome=cancelled&limit=200`)
      const { items } = ledger.body as unknown as { items: { reason: string | null }[] }
      return items.length === counts['cancelled'] && items
    })
    expect(cancelled.some(({ reason }) => reason === 'never_begun')).toBe(true)
    const { matched, ...settled } = counts
    expect(Object.values(settled).reduce((sum, count) => sum + count, 0)).toBe(matched)
    expect(errorCodeOf(await change(id, 'resume'))).toBe('operation_state')
  })

  test('cancels the deliveries that wait, and nothing else', async () => {
    const [sent, delivering, ...waiting] = await deadLetters(14)
    await stack.database.pool.query(
      `update deliveries set
         state = case id when $1 then 'delivered' when $2 then 'delivering' else 'retrying' end,
         next_attempt_at = now() + interval '1 hour', sweep_at = now() + interval '1 hour', finished_at = null`,
      [sent, delivering],
    )
    const body = { kind: 'cancel', filter: { receiver: new URL(stack.receiver.url).host } }
    expect((await plan(body)).body).toMatchObject({
      matched: 14,
      will_skip: expect.arrayContaining([
        { reason: 'being_sent', count: 1 },
        { reason: 'not_waiting', count: 1 },
      ]),
      warnings: [],
    })
    const { counts, skipped_because } = await until(await started(body), 'completed')
    expect(counts).toMatchObject({ matched: 14, cancelled: 12, skipped: 2, delivered: 0, failed: 0 })
    expect(skipped_because).toEqual({ being_sent: 1, not_waiting: 1 })
    const { rows } = await stack.database.pool.query<{ id: string }>(
      `select id from deliveries where state = 'cancelled' order by id`,
    )
    expect(rows.map(({ id }) => id)).toEqual(waiting.toSorted())
    expect(stack.receiver.requests).toEqual([])
  })

  test('that is planned twice runs once', async () => {
    await deadLetters(30)
    const [first, second] = [await planned({ ...failed, rate: 1 }), await planned({ ...failed, rate: 1 })]
    expect((await start(first)).status).toBe(202)
    const again = await start(first)
    expect(errorCodeOf(again)).toBe('operation_state')
    const duplicate = await start(second)
    expect([duplicate.status, errorCodeOf(duplicate)]).toEqual([409, 'operation_running'])
    expect(duplicate.text).toContain(first)
    await change(first, 'cancel')
    await until(first, 'cancelled')
  })

  test('that many users start at the same time, at several APIs, runs once', async () => {
    await deadLetters(60)
    const second = await stack.startApi()
    const apis = [stack.api, second.address]
    const slowly = { ...failed, rate: 1 }
    const plans = [await planned(slowly), await planned(slowly)]
    // A new process opens its connections to the database with its first calls, which may take long.
    await waitUntil('the second API has connections', async () => {
      const reads = [...plans, ...plans].map((id) =>
        callApi({ ...stack, api: second.address }, `/api/operations/${id}`),
      )
      return (await Promise.all(reads)).every(({ status }) => status === 200)
    })
    const calls = [...plans, ...plans, ...plans].map((operation_id, index) =>
      callApi({ ...stack, api: apis[index % 2] ?? '' }, '/api/operations', { body: { operation_id } }),
    )
    const responses = await Promise.all(calls)
    expect(responses.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(responses.filter(({ status }) => status === 409)).toHaveLength(5)
    const running = String(responses.find(({ status }) => status === 202)?.body?.['operation_id'])
    await change(running, 'cancel')
    await until(running, 'cancelled')
    await second.stop()
  })

  test('re-exports fresh data as new deliveries that name their source', async () => {
    const ids = await deadLetters(3)
    const id = await started({ kind: 're_export', delivery_ids: ids })
    await until(id, 'completed')
    const { rows } = await stack.database.pool.query<{ made_from: string; state: string }>(
      'select made_from, state from deliveries where operation_id = $1 order by made_from',
      [id],
    )
    expect(rows).toEqual(ids.toSorted().map((made_from) => ({ made_from, state: 'delivered' })))
    expect(stack.receiver.requests[0]?.body).toContain('gv_a1b2c3d4_e5f6g7h8')
  })

  test('exports visitors that match a filter to a saved destination', async () => {
    const created = await callApi(stack, '/api/destinations', {
      body: { name: 'all of Iceland', webhook_type: 'custom', webhook_url: `${stack.receiver.url}iceland` },
    })
    const { id: destination_id } = destinationIn(created)
    await stack.database.pool.query(
      `insert into visitors (site_id, ghost_vid, country, first_seen, last_seen)
       select
         case when n > 20 then 7 else 4 end,
         'gv_iceland_' || n,
         'Iceland',
         now(),
         now()
       from generate_series(1, 25) n`,
    )
    const id = await started({ kind: 'export', visitors: { country: 'Iceland' }, destination_id })
    expect((await until(id, 'completed')).counts).toMatchObject({ matched: 20, delivered: 20 })
    const sent = stack.receiver.requests.map(({ body }) => /gv_iceland_\d+/.exec(body)?.[0])
    expect(new Set(sent).size).toBe(20)
  })
})

describe('the ledger', () => {
  test('has a line for each member, in pages, and as CSV for the failed ones', async () => {
    await deadLetters(12)
    stack.receiver.next(respond(400))
    const id = await started(failed)
    await until(id, 'completed')
    const first = await callApi(stack, `/api/operations/${id}/items?limit=5`)
    const { items, next } = first.body as unknown as { items: { number: number }[]; next: string }
    expect(items.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    const second = await callApi(stack, `/api/operations/${id}/items?limit=200&cursor=${next}`)
    expect(second.body).toMatchObject({ items: expect.objectContaining({ length: 7 }), next: null })
    const csv = await callApi(stack, `/api/operations/${id}/items/export?outcome=failed`)
    const rows = parse<Record<string, string>>(csv.text, { bom: true, columns: true })
    expect(rows).toEqual([
      {
        number: expect.any(String),
        ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
        identified_user: 'jane@example.com',
        outcome: 'failed',
        reason: 'bad_request',
        error_message: expect.stringContaining('400'),
        response_status: '400',
        receiver: new URL(stack.receiver.url).host,
        delivery_id: expect.any(String),
        source_delivery_id: expect.any(String),
      },
    ])
  })

  test('as CSV has each of 1,100 lines and no formula', async () => {
    const [first] = (await deadLetters(1_100)).toSorted()
    await stack.database.pool.query(`update deliveries set ghost_vid = '=1+1' where id = $1`, [first])
    const id = await started({ ...failed, rate: 10_000 })
    await until(id, 'completed')
    const csv = await callApi(stack, `/api/operations/${id}/items/export`)
    const rows = parse<Record<string, string>>(csv.text, { bom: true, columns: true })
    expect(rows.map(({ number }) => Number(number))).toEqual(Array.from({ length: 1_100 }, (_, n) => n + 1))
    expect(rows[0]).toMatchObject({ ghost_vid: "'=1+1", outcome: 'delivered' })
  })

  test('of another site does not exist', async () => {
    await deadLetters(1)
    const id = await planned(failed)
    const { id: stranger } = await createUser(stack.database, [7], 'admin')
    const session = await createSessionToken(stack.database, stranger)
    for (const path of ['', '/items', '/items/export'])
      expect((await callApi(stack, `/api/operations/${id}${path}`, { session })).status).toBe(404)
    for (const to of ['pause', 'resume', 'cancel']) {
      const call = { session, method: 'POST', ...(to === 'pause' && { body: {} }) }
      expect((await callApi(stack, `/api/operations/${id}/${to}`, call)).status).toBe(404)
    }
    const taken = await callApi(stack, '/api/operations', { session, body: { operation_id: id } })
    expect([taken.status, errorCodeOf(taken)]).toEqual([404, 'operation_not_found'])
  })
})
