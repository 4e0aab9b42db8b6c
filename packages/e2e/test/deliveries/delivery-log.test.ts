import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { insertDeliveries, idAt, type DeliveryInput } from './insert-deliveries.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({}, 0)
})

beforeEach(async () => {
  await stack.database.pool.query('delete from deliveries')
})

afterAll(() => stack.stop())

const insert = (...rows: DeliveryInput[]): Promise<string[]> => insertDeliveries(stack, ...rows)

interface LogPage {
  items: { delivery_id: string; status: string; [field: string]: unknown }[]
  next: string | null
  searched_back_to: string | null
}

async function list(query: string, session?: string): Promise<LogPage> {
  const response = await callApi(stack, `/api/deliveries?${query}`, { ...(session && { session }) })
  expect(response.status).toBe(200)
  return response.body as unknown as LogPage
}

const idsOf = ({ items }: LogPage): string[] => items.map((item) => item.delivery_id)

describe('the log', () => {
  test('has the fields of a line for each delivery', async () => {
    const [id] = await insert({ state: 'failed', cause: 'http_status_400', status: 400 })
    const { items } = await list('siteId=4')
    expect(items).toEqual([
      {
        delivery_id: id,
        created_at: expect.any(String),
        status: 'failed',
        ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
        identified_user: expect.any(String),
        siteId: 4,
        webhook_type: 'custom',
        receiver: 'hooks.example.com',
        destination_id: null,
        destination_name: null,
        attempts: 0,
        delivered_at: null,
        next_attempt_at: null,
        last_error: { code: 'http_status_400', message: 'It failed.', response_status: 400 },
        last_response_status: 400,
        wait: null,
        failure: expect.stringMatching(/^[0-9a-f]{16}$/),
        recovered_by: null,
        operation_id: null,
        sample: false,
        alert_rule_id: null,
      },
    ])
  })

  test('has every delivery on exactly one page, newest first, with any page size', async () => {
    const ids = await insert(...Array.from({ length: 23 }, () => ({})))
    const seen: string[] = []
    let cursor: string | null = ''
    do {
      const page: LogPage = await list(`limit=5${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...idsOf(page))
      cursor = page.next
    } while (cursor)
    expect(seen).toEqual(ids.toReversed())
  })

  test('keeps its pages when new deliveries arrive', async () => {
    const ids = await insert({}, {}, {}, {})
    const first = await list('limit=2')
    await insert({}, {})
    const second = await list(`limit=2&cursor=${first.next}`)
    expect([...idsOf(first), ...idsOf(second)]).toEqual(ids.toReversed())
  })

  test.each([
    ['status=failed', [1]],
    ['status=queued,retrying', [2, 3]],
    ['webhook_type=slack', [3]],
    ['webhook_type=slack,hubspot', [3, 4]],
    ['receiver=API.hubapi.com', [4]],
    ['cause=http_status_400', [1]],
    ['response_status=400', [1]],
    ['response_status=5xx', [3]],
    ['response_status=4xx&status=failed', [1]],
    ['ghost_vid=gv_x9y8z7w6_v5u4t3s2', [5]],
    ['operation_id=0190a000-0000-7000-8000-00000000000a', [5]],
    ['status=failed&webhook_type=slack', []],
    ['identified_user=nobody%40example.com', []],
    ['text=nobody', []],
    ['text=%40', []],
    ['from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z', [0]],
    ['to=2026-01-01T00:00:00Z', []],
  ])('filtered by %s has only matching deliveries', async (query, expected) => {
    const ids = await insert(
      { at: new Date('2026-01-01T12:00:00Z') },
      { state: 'failed', cause: 'http_status_400', status: 400 },
      { state: 'queued' },
      { state: 'retrying', type: 'slack', host: 'hooks.slack.com', cause: 'http_status_503', status: 503 },
      { type: 'hubspot', host: 'api.hubapi.com' },
      { vid: 'gv_x9y8z7w6_v5u4t3s2', operationId: '0190a000-0000-7000-8000-00000000000a' },
    )
    expect(idsOf(await list(query))).toEqual(expected.map((index) => ids[index]).toReversed())
    const counted = await callApi(stack, `/api/deliveries/count?${query}`)
    expect(counted.body).toEqual({ count: expected.length, capped: false })
  })

  test('counts up to ten thousand and reports that there are more', async () => {
    await stack.database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by,
         state, sweep_at, next_attempt_at, finished_at, last_response_status)
       select gen_random_uuid(), 4, 0, 'gv_many', 'custom', 'https://many.example.com', 'many.example.com',
         true, true, $1,
         'delivered', null, null, now(), 200
       from generate_series(1, 10001)`,
      [stack.user.id],
    )
    await insert({ state: 'failed', cause: 'http_status_400', status: 400 })
    const counts = await Promise.all(
      ['', 'status=delivered', 'response_status=2xx', 'response_status=400'].map(
        async (query) => (await callApi(stack, `/api/deliveries/count?${query}`)).body,
      ),
    )
    const many = { count: 10_000, capped: true }
    expect(counts).toEqual([many, many, many, { count: 1, capped: false }])
  })

  test.each([
    'finch',
    'FINCH%20ad',
    'analytical%20eng',
    'finch%40aviary.example',
    'gv_ada',
    'lovelace%20finch',
  ])('finds the deliveries of a lead by the words of %s', async (text) => {
    await stack.database.pool.query(
      `insert into visitors (site_id, ghost_vid, name, company, identified_user_id, first_seen, last_seen)
         values (4, 'gv_ada', 'Ada Lovelace', 'Analytical Engines Ltd', 'finch@aviary.example', now(), now())
         on conflict do nothing`,
    )
    const [, hers] = await insert({}, { vid: 'gv_ada' }, {})
    expect(idsOf(await list(`text=${text}`))).toEqual([hers])
    expect(idsOf(await list(`text=${text}&status=delivered`))).toEqual([hers])
    expect(await list(`text=${text}&status=failed`)).toMatchObject({ items: [], next: null })
  })

  test('finds a delivery by its id as text', async () => {
    const [, id] = await insert({}, {}, {})
    expect(idsOf(await list(`text=${id}`))).toEqual([id])
    const foreign = await insert({ siteId: 7 })
    expect(idsOf(await list(`text=${foreign[0]}`))).toEqual([])
  })

  test.each(['text=crowd', 'identified_user=crowd%40example.com'])(
    'finds those of more visitors than can be looked up, by %s',
    async (query) => {
      await stack.database.pool.query(
        `insert into visitors (site_id, ghost_vid, company, identified_user_id, first_seen, last_seen)
         select 4, 'gv_crowd_' || n, 'Crowd', 'crowd@example.com', now(), now()
         from generate_series(1, 250) n
         on conflict do nothing`,
      )
      const ids = await insert({ vid: 'gv_crowd_1' }, {}, { vid: 'gv_crowd_250' })
      expect(idsOf(await list(query))).toEqual([ids[2], ids[0]])
    },
  )

  test('finds the deliveries of a saved destination', async () => {
    const { body } = await callApi(stack, '/api/destinations', {
      body: { name: 'a destination', webhook_type: 'custom', webhook_url: `${stack.receiver.url}saved` },
    })
    const { id: destination } = (body as unknown as { destination: { id: string } }).destination
    const [, id] = await insert({}, {})
    await stack.database.pool.query('update deliveries set destination_id = $2 where id = $1', [
      id,
      destination,
    ])
    const found = await list(`destination_id=${destination}`)
    expect(found.items).toMatchObject([{ delivery_id: id, destination_name: 'a destination' }])
  })

  test('finds the members of a failure group', async () => {
    const [id] = await insert(
      { state: 'failed', cause: 'timed_out' },
      { state: 'failed', cause: 'not_found' },
    )
    const { items } = await list('cause=timed_out')
    expect(idsOf(await list(`failure=${String(items[0]?.['failure'])}`))).toEqual([id])
  })

  test('finds the deliveries of a lead by e-mail address', async () => {
    const [id] = await insert({})
    const { items } = await list('siteId=4')
    const email = encodeURIComponent(String(items[0]?.['identified_user']))
    expect(idsOf(await list(`identified_user=${email}`))).toEqual([id])
  })

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['status=lost', 'status'],
    ['cursor=abc', 'cursor'],
    ['from=yesterday', 'from'],
    ['response_status=999', 'response_status'],
    ['statsu=failed', 'statsu'],
  ])('refuses %s, naming the parameter', async (query, field) => {
    const { status, text } = await callApi(stack, `/api/deliveries?${query}`)
    expect(status).toBe(400)
    expect(text).toContain(field)
  })

  test('of a foreign site does not exist', async () => {
    const { id } = await createUser(stack.database, [7], 'admin')
    const session = await createSessionToken(stack.database, id)
    await insert({}, { siteId: 7 })
    const foreign = await callApi(stack, '/api/deliveries?siteId=4', { session })
    expect([foreign.status, errorCodeOf(foreign)]).toEqual([404, 'site_not_found'])
    expect((await list('siteId=7', session)).items).toHaveLength(1)
  })

  test('stops a long search, returns a cursor, and continues from it', async () => {
    const at = new Date('2026-02-01T00:00:00Z')
    const [rare] = await insert({ type: 'discord', at: new Date('2026-01-01T00:00:00Z') })
    await stack.database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by, state)
       select ($2 || lpad(to_hex(n), 12, '0'))::uuid, 4, 0, 'gv_many', 'custom', 'https://a.example', 'a.example',
         true, true, $1, 'delivered'
       from generate_series(1, 6000) n`,
      [stack.user.id, idAt(at).slice(0, 24)],
    )
    const first = await list('webhook_type=discord')
    expect(first).toMatchObject({ items: [], searched_back_to: at.toISOString() })
    expect(idsOf(await list(`webhook_type=discord&cursor=${first.next}`))).toEqual([rare])
  })
})
