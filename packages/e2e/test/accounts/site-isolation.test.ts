import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
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
