import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

/** Objects of one site cannot be reached through another site, even by a user of both. */

let stack: Stack
let session: string
/** Objects of site 7. */
let other: { destination: string; delivery: string; failure: string }

beforeAll(async () => {
  stack = await startStack({}, 0)
  const { database, receiver } = stack
  session = await createSessionToken(database, (await createUser(database, [4, 7], 'admin')).id)
  await database.pool.query(
    `insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (7, 'gv_of_seven', now(), now())`,
  )
  const created = await post('/api/destinations', {
    siteId: 7,
    name: 'of seven',
    webhook_type: 'custom',
    webhook_url: receiver.url,
  })
  const destination = created.headers.get('location')?.split('/').at(-1) ?? ''
  const exported = await post('/api/webhook', {
    siteId: 7,
    ghost_vid: 'gv_of_seven',
    destination_id: destination,
  })
  const delivery = String(exported.body?.['delivery_id'])
  const { rows } = await database.pool.query<{ failure: string }>(
    `update deliveries set state = 'failed', last_cause = 'x', sweep_at = null where id = $1 returning failure`,
    [delivery],
  )
  other = { destination, delivery, failure: rows[0]?.failure ?? '' }
})

afterAll(() => stack.stop())

const post = (path: string, body: unknown): Promise<ApiResponse> =>
  callApi(stack, path, { body, session, headers: { prefer: 'respond-async' } })
const get = (path: string): Promise<ApiResponse> => callApi(stack, path, { session })

describe('a request for site 4 does not reach site 7:', () => {
  test.each<[string, () => Promise<ApiResponse>]>([
    [
      'its visitor to export',
      () => post('/api/webhook', { siteId: 4, ghost_vid: 'gv_of_seven', webhook_url: stack.receiver.url }),
    ],
    [
      'its destination to export to',
      () => post('/api/webhook', { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: other.destination }),
    ],
    [
      'its destination to plan with',
      () =>
        post('/api/operations/plan', {
          kind: 'export',
          visitors: { score_min: 0 },
          destination_id: other.destination,
        }),
    ],
    ['its failure group', () => get(`/api/failures/${other.failure}?siteId=4`)],
  ])('%s', async (_what, call) => {
    const { status } = await call()
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  test('its deliveries, by id or by filter', async () => {
    const planned = await post('/api/operations/plan', { kind: 'resend', delivery_ids: [other.delivery] })
    expect(planned.body).toMatchObject({ matched: 0 })
    for (const filter of [`destination_id=${other.destination}`, `failure=${other.failure}`, 'status=failed'])
      expect((await get(`/api/deliveries?siteId=4&${filter}`)).body).toMatchObject({ items: [] })
    expect((await get(`/api/deliveries?siteId=7&failure=${other.failure}`)).body?.['items']).toHaveLength(1)
  })

  test('its visitor to erase', async () => {
    const erase = { method: 'POST', session }
    expect((await callApi(stack, '/api/visitors/gv_of_seven/erase?siteId=4', erase)).body).toMatchObject({
      profile: false,
      deliveries: 0,
    })
    expect(await stack.database.prisma.visitor.count({ where: { ghostVid: 'gv_of_seven' } })).toBe(1)
  })
})

interface System {
  scope: string
  lanes: Record<string, unknown>[]
  backlog: {
    due: number
    oldest_due_seconds: number | null
    lanes: { lane: string; due: number; attempts_per_minute: number; draining: { state: string } }[]
  }
  stores: Record<string, unknown>
  workers: Record<string, unknown>[]
  may_pause: boolean
  raw_queues: string | null
}

describe('of the installation, which all sites share,', () => {
  const reason = 'The mail server moves'
  let viewerOf: (...sites: number[]) => Promise<string>
  let waiting: string

  beforeAll(async () => {
    const { database, receiver } = stack
    viewerOf = async (...sites) =>
      createSessionToken(database, (await createUser(database, sites, 'viewer')).id)
    // A worker that takes nothing.
    await database.pool.query(
      `insert into workers (id, host, version, concurrency, seen_at)
       values (gen_random_uuid(), 'host-of-the-installation', '1.0.0', 50, now() + interval '1 hour')`,
    )
    const exported = await post('/api/webhook', {
      siteId: 4,
      ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
      webhook_url: receiver.url,
    })
    waiting = String(exported.body?.['delivery_id'])
    for (const path of ['one', 'two'])
      await post('/api/webhook', {
        siteId: 7,
        ghost_vid: 'gv_of_seven',
        webhook_url: `${receiver.url}${path}`,
      })
    await post('/api/system/lanes/bulk/pause', { reason })
    await database.pool.query(
      `insert into site_lane_stats (site_id, lane, at, attempts, due)
       select site_id, 'live', date_trunc('minute', now()) - n * interval '1 minute', site_id * 10, n * site_id
       from unnest(array[4, 7]) site_id, generate_series(1, 3) n`,
    )
  })

  const readSystem = async (token: string): Promise<System> =>
    (await callApi(stack, '/api/system', { session: token })).body as unknown as System
  const dueOf = async (token: string): Promise<number> => (await readSystem(token)).backlog.due

  test('an account without a role in any site sees nothing', async () => {
    const response = await callApi(stack, '/api/system', { session: await viewerOf() })
    expect([response.status, errorCodeOf(response)]).toEqual([403, 'forbidden'])
    expect(response.text).not.toContain('backlog')
  })

  test('a viewer of one site sees no name of a machine or person, and no number about another site', async () => {
    const { status, body, text } = await callApi(stack, '/api/system', { session: await viewerOf(4) })
    expect(status).toBe(200)
    expect(text).not.toContain('host-of-the-installation')
    expect(text).not.toContain('@example.test')
    const system = body as unknown as System
    const unknown = { waiting: null, active: null, delayed: null, failed: null }
    expect(system).toMatchObject({
      scope: 'own_sites',
      checks: { database: 'ok', queue: 'ok' },
      stores: { database: null, queue: null },
      may_pause: false,
      raw_queues: null,
    })
    expect(system.lanes).toEqual([
      { lane: 'live', ...unknown, paused: null },
      { lane: 'retry', ...unknown, paused: null },
      { lane: 'bulk', ...unknown, paused: { reason, by: null, at: expect.any(String) } },
    ])
    expect(system.workers).toEqual([expect.objectContaining({ host: null, version: '1.0.0' })])
  })

  test('an account sees the backlog and the pace of its own sites', async () => {
    const [four, seven] = await Promise.all([readSystem(await viewerOf(4)), readSystem(await viewerOf(7))])
    expect([four.backlog.due, seven.backlog.due]).toEqual([1, 2])
    const [ofFour, ofSeven] = [four, seven].map(({ backlog }) => backlog.lanes[0])
    expect(four.backlog.oldest_due_seconds).toBeGreaterThanOrEqual(0)
    expect(ofFour).toMatchObject({ lane: 'live', due: 1, draining: { state: 'draining' } })
    const [paceOfFour, paceOfSeven] = [ofFour, ofSeven].map((lane) => lane?.attempts_per_minute ?? 0)
    expect(paceOfFour).toBeGreaterThan(0)
    expect(Number(paceOfSeven) / Number(paceOfFour)).toBeCloseTo(7 / 4, 1)
  })

  test('accounts that ask at the same moment share no count unless they have the same sites', async () => {
    const four = await viewerOf(4)
    const tokens = [four, await viewerOf(7), await viewerOf(7, 4), session, four, await viewerOf(4)]
    expect(await Promise.all(tokens.map(dueOf))).toEqual([1, 2, 3, 3, 1, 1])
    expect(await Promise.all(tokens.toReversed().map(dueOf))).toEqual([1, 1, 3, 3, 2, 1])
  })

  test('an admin of every site sees all numbers and names', async () => {
    const system = await readSystem(session)
    expect(system).toMatchObject({
      scope: 'all_sites',
      backlog: { due: 3 },
      stores: { database: { version: expect.any(String) }, queue: { kind: 'redis' } },
      workers: [{ host: 'host-of-the-installation' }],
      may_pause: true,
    })
    expect(system.lanes).toEqual([
      expect.objectContaining({ lane: 'live', waiting: expect.any(Number), paused: null }),
      expect.objectContaining({ lane: 'retry' }),
      expect.objectContaining({
        lane: 'bulk',
        paused: { reason, by: expect.stringContaining('@'), at: expect.any(String) },
      }),
    ])
  })

  test('an explanation counts the deliveries of all sites for an admin of every site only', async () => {
    const textFor = async (token: string): Promise<unknown> => {
      const { body } = await callApi(stack, `/api/deliveries/${waiting}/explain`, { session: token })
      return (body as unknown as { reasons: { text: string }[] }).reasons[0]?.text
    }
    expect(await textFor(session)).toMatch(/waits for its turn: \d+ deliveries wait in the live lane/)
    expect(await textFor(await viewerOf(4))).toBe(
      'It is due and waits for its turn: other deliveries wait in the live lane.',
    )
  })

  test('the audit log of a site names who paused a lane to an admin of every site only', async () => {
    const { database } = stack
    const adminOfFour = await createSessionToken(database, (await createUser(database, [4], 'admin')).id)
    const actionsFor = async (token: string): Promise<string[]> => {
      const { body } = await callApi(stack, '/api/audit?siteId=4', { session: token })
      return (body as unknown as { items: { action: string }[] }).items.map(({ action }) => action)
    }
    expect(await actionsFor(session)).toContain('lane.paused')
    const actions = await actionsFor(adminOfFour)
    expect(actions).toContain('visitor.exported')
    expect(actions).not.toContain('lane.paused')
  })
})
