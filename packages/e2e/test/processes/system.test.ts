import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callApi, errorCodeOf, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let admin: string

beforeAll(async () => {
  stack = await startStack()
  const { id } = await createUser(stack.database, [4, 7], 'admin')
  admin = await createSessionToken(stack.database, id)
})

beforeEach(() => stack.receiver.always(respond(200)))

afterAll(() => stack.stop())

interface System {
  checks: Record<string, string>
  lanes:
    | { lane: string; waiting: number; active: number; delayed: number; paused: { reason: string } | null }[]
    | null
  backlog: {
    due: number
    oldest_due_seconds: number | null
    retries: { count: number }[]
    held_receivers: { destination_id: string | null; until: string }[]
    lanes: {
      lane: string
      due: number
      held: number
      held_by_receiver: number
      coming: { count: number }[]
      draining: { state: string }
    }[]
  }
  stores: {
    database: { version: string; latency_ms: number; size_bytes: number } | null
    queue: { kind: string; eviction_policy: string | null; used_bytes: number | null } | null
  }
  workers: { id: string; version: string; other_version: boolean }[]
  may_pause: boolean
}

async function read(session = admin): Promise<System> {
  return (await callApi(stack, '/api/system', { session })).body as unknown as System
}

function lane(name: string, to: 'pause' | 'resume', session = admin) {
  const body = to === 'pause' ? { body: { reason: 'the receiver’s weekend' } } : {}
  return callApi(stack, `/api/system/lanes/${name}/${to}`, { method: 'POST', session, ...body })
}

test('a worker is listed until it stops', async () => {
  await waitUntil('the first worker is listed', async () => (await read()).workers.length === 1)
  const second = await stack.startWorker()
  await waitUntil('both workers are listed', async () => (await read()).workers.length === 2)
  expect((await read()).workers.every(({ other_version }) => !other_version)).toBe(true)
  await second.stop()
  await waitUntil('one worker is left', async () => (await read()).workers.length === 1)
})

test('a paused lane starts no attempt until it is resumed, and loses no delivery', async () => {
  const paused = await lane('live', 'pause')
  expect(paused.status).toBe(200)
  expect((paused.body as unknown as System).lanes?.[0]).toMatchObject({
    lane: 'live',
    paused: { reason: 'the receiver’s weekend' },
  })
  await waitUntil('the worker pauses the lane', () => stack.workers[0]?.output().includes('lane_paused'))
  const { status, body } = await callApi(stack, '/api/webhook', {
    body: exportBody(stack),
    headers: { prefer: 'respond-async' },
  })
  expect(status).toBe(202)
  const id = String(body?.['delivery_id'])
  await waitUntil('it waits in the lane', async () => {
    const [live] = (await read()).lanes ?? []
    return live && live.waiting + live.delayed === 1 && live.active === 0
  })
  expect((await callApi(stack, `/api/deliveries/${id}/explain`)).body).toMatchObject({
    reasons: [{ code: 'lane_paused', text: 'The live lane is paused: the receiver’s weekend' }],
  })
  expect((await read()).backlog).toMatchObject({ due: 1, oldest_due_seconds: expect.any(Number) })
  expect((await read()).backlog.lanes[0]).toMatchObject({ lane: 'live', due: 1, draining: { state: 'held' } })
  expect((await lane('live', 'resume')).status).toBe(200)
  await waitUntil('it is delivered', async () => {
    const found = await callApi(stack, `/api/deliveries/${id}`)
    return found.body?.['status'] === 'delivered'
  })
  expect(errorCodeOf(await lane('live', 'resume'))).toBe('lane_running')
})

test('a lane stays paused for a worker that starts later', async () => {
  await lane('bulk', 'pause')
  const later = await stack.startWorker()
  await waitUntil('the later worker pauses the lane', () => later.output().includes('lane_paused'))
  await later.stop()
  await lane('bulk', 'resume')
  expect((await read()).lanes?.every(({ paused }) => paused === null)).toBe(true)
})

test('an admin of some sites can read whether lanes are paused but cannot pause a lane', async () => {
  const { id } = await createUser(stack.database, [4], 'admin')
  const session = await createSessionToken(stack.database, id)
  expect((await read(session)).may_pause).toBe(false)
  const refused = await lane('live', 'pause', session)
  expect([refused.status, errorCodeOf(refused)]).toEqual([403, 'forbidden'])
})

test('future retries are counted by due time', async () => {
  stack.receiver.always(respond(503, { headers: { 'retry-after': '1800' } }))
  await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  await waitUntil('it is counted', async () => (await read()).backlog.retries[2]?.count === 1)
})

test('deliveries that wait for an operator do not count as waiting for a worker', async () => {
  stack.receiver.always(respond(200))
  const saved = await callApi(stack, '/api/destinations', {
    body: { name: 'Paused', webhook_type: 'custom', webhook_url: `${stack.receiver.url}hooks/paused` },
  })
  const { id } = (saved.body ?? {})['destination'] as { id: string }
  await callApi(stack, `/api/destinations/${id}`, { method: 'PATCH', body: { state: 'paused' } })
  await callApi(stack, '/api/webhook', {
    body: { ghost_vid: exportBody(stack)['ghost_vid'], destination_id: id },
    headers: { prefer: 'respond-async' },
  })
  await waitUntil(
    'it is counted as waiting for an operator',
    async () => (await read()).backlog.lanes[0]?.held === 1,
  )
  expect((await read()).backlog.lanes[0]).toMatchObject({ due: 0, draining: { state: 'idle' } })
})

test('the state of the stores is shown', async () => {
  const { stores } = await read()
  expect(stores.database).toMatchObject({
    version: expect.stringMatching(/^\d+/),
    latency_ms: expect.any(Number),
  })
  expect(stores.database?.size_bytes).toBeGreaterThan(1_000_000)
  expect(stores.queue).toMatchObject({
    kind: 'redis',
    eviction_policy: 'noeviction',
    is_persistent: expect.any(Boolean),
  })
  expect(stores.queue?.used_bytes).toBeGreaterThan(10_000)
})

test('the rate of a lane and the time until it is empty are shown', async () => {
  const { prisma } = stack.database
  await prisma.laneStats.deleteMany()
  const at = (minutes: number): Date => new Date(Math.floor(Date.now() / 60_000) * 60_000 - minutes * 60_000)
  await prisma.laneStats.createMany({
    data: [4, 3, 2].map((minutes) => ({ lane: 'retry', at: at(minutes), attempts: 30, due: 0 })),
  })
  await stack.database.pool.query(
    // At another host: the receiver of the earlier tests asked for a pause, and no worker takes these.
    `update deliveries
     set receiver_host = 'elsewhere.example.com', next_attempt_at = now() - interval '1 minute',
       sweep_at = now() + interval '1 hour'
     where state = 'retrying'`,
  )
  await waitUntil('the lane is draining', async () => {
    const retry = (await read()).backlog.lanes[1]
    return retry?.draining.state === 'draining'
  })
})

test('the audit log names the user who pauses a lane', async () => {
  const written = await stack.database.prisma.auditEntry.findMany({
    where: { objectType: 'lane', objectId: 'live' },
    orderBy: { id: 'asc' },
  })
  expect(written.map(({ action }) => action)).toEqual(['lane.paused', 'lane.resumed'])
})

test('what waits for a receiver that asked for a pause is held by it, and neither due nor a stuck queue', async () => {
  stack.receiver.always(respond(429, { headers: { 'retry-after': '900' } }))
  const saved = await callApi(stack, '/api/destinations', {
    body: { name: 'busy', webhook_type: 'custom', webhook_url: stack.receiver.url },
  })
  const { id: destination_id } = (saved.body as unknown as { destination: { id: string } }).destination
  const exported = async (): Promise<string> => {
    const { body } = await callApi(stack, '/api/webhook', {
      body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id },
      headers: { prefer: 'respond-async' },
    })
    return String(body?.['delivery_id'])
  }
  const first = await exported()
  await waitUntil('the receiver has asked for a pause', async () => {
    const { body } = await callApi(stack, `/api/deliveries/${first}`)
    return body?.['status'] === 'retrying'
  })
  const second = await exported()
  const { backlog, receiver } = await waitUntil('the second one is held', async () => {
    const found = await read()
    const held = found.backlog.held_receivers.find((one) => one.destination_id === destination_id)
    return held && { backlog: found.backlog, receiver: held }
  })
  expect(receiver).toMatchObject({ siteId: 4, destination_name: 'busy', reason: 'throttled', count: 1 })
  expect(backlog.lanes[0]).toMatchObject({ due: 0, draining: { state: 'idle' } })
  expect(backlog.lanes[0]?.held_by_receiver).toBeGreaterThanOrEqual(1)
  const held = await callApi(stack, `/api/deliveries?wait=held&destination_id=${destination_id}`)
  // The first one's next attempt may lie some milliseconds before the end of the pause: then it is held, too.
  const wait = { for: 'held', until: expect.any(String) }
  expect(held.body?.['items']).toContainEqual(expect.objectContaining({ delivery_id: second, wait }))
  expect((await callApi(stack, `/api/deliveries/${second}`)).body).toMatchObject({ wait: { for: 'held' } })
  const next = await callApi(stack, `/api/deliveries?sort=next_attempt&destination_id=${destination_id}`)
  expect(
    (next.body as unknown as { items: { delivery_id: string }[] }).items.map((one) => one.delivery_id),
  ).toEqual([second, first])
})
