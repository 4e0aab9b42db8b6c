import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const members = 100_000
/** Start of the deliveries' ids. */
const idStart = '0193a000-0000-7000-8000-'
let stack: Stack
let redis: Redis

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_RECEIVER_CONCURRENCY: '1000' })
  redis = new Redis(stack.queue.url)
  stack.receiver.always(respond(200))
  // One statement for all members would exceed the statement timeout of a slow machine.
  const step = members / 10
  for (let first = 1; first <= members; first += step) await insertFailed(first, first + step - 1)
}, 180_000)

const insertFailedSql = `
  with new_deliveries as (
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
      last_cause,
      last_message,
      attempts,
      finished_at,
      sweep_at
    )
    select
      ('${idStart}' || lpad(to_hex(n), 12, '0'))::uuid,
      4,
      v.id,
      v.ghost_vid,
      'custom',
      $1,
      $2,
      true,
      true,
      $3,
      'failed',
      'receiver_error',
      'It failed.',
      1,
      now(),
      null
    from generate_series($4::int, $5::int) n
    cross join (select id, ghost_vid from visitors where ghost_vid = 'gv_a1b2c3d4_e5f6g7h8') v
    returning id
  )
  insert into payloads (delivery_id, body)
  select
    id,
    '{}'
  from new_deliveries`

async function insertFailed(first: number, last: number): Promise<void> {
  const { url } = stack.receiver
  const values = [`${url}in`, new URL(url).host, stack.user.id, first, last]
  await stack.database.pool.query(insertFailedSql, values)
}

afterAll(async () => {
  redis.disconnect()
  await stack.stop()
})

interface Operation {
  operation_id: string
  state: string
  counts: { matched: number } & Record<'waiting' | 'delivered' | 'failed' | 'skipped' | 'cancelled', number>
}

async function read(id: string): Promise<Operation> {
  return (await callApi(stack, `/api/operations/${id}`)).body as unknown as Operation
}

async function startOperation(): Promise<string> {
  const body = { kind: 'resend', filter: { cause: 'receiver_error' }, rate: 10_000 }
  const planned = (await callApi(stack, '/api/operations/plan', { body })).body as unknown as {
    operation: Operation
    matched: number
  }
  expect(planned.matched).toBe(members)
  const { operation_id } = planned.operation
  expect((await callApi(stack, '/api/operations', { body: { operation_id } })).status).toBe(202)
  return operation_id
}

const delivered = (id: string, count: number) =>
  waitUntil(`${count} are delivered`, async () => (await read(id)).counts.delivered >= count, 60_000)

function change(id: string, to: 'pause' | 'resume' | 'cancel') {
  return callApi(stack, `/api/operations/${id}/${to}`, {
    method: 'POST',
    ...(to === 'pause' && { body: {} }),
  })
}

/** How many of the operation's deliveries are in a lane. */
async function queuedIn(lane: 'live' | 'bulk'): Promise<number> {
  return (await redis.keys(`*${stack.queue.prefix}*${lane}:${idStart}*`)).length
}

test('the ledger of 100,000 members adds up after a pause, killed processes and a cancellation', async () => {
  const id = await startOperation()
  await delivered(id, 500)
  // Feeding is bounded: the bulk lane holds some thousand jobs in Redis, never all of them.
  await waitUntil('some jobs wait in the bulk lane', async () => (await queuedIn('bulk')) > 0)
  expect(await queuedIn('bulk')).toBeLessThan(10_000)
  expect(await queuedIn('live')).toBe(0)

  await change(id, 'pause')
  await stack.workers[0]?.kill()
  const paused = await read(id)
  const second = await stack.startWorker()
  await change(id, 'resume')
  await delivered(id, paused.counts.delivered + 500)

  await Promise.all([second.kill(), stack.apiProcess.kill()])
  const [api] = await Promise.all([stack.startApi(), stack.startWorker()])
  stack = { ...stack, api: api.address }
  const killed = await read(id)
  await delivered(id, killed.counts.delivered + 500)

  await change(id, 'cancel')
  await waitUntil(
    'the operation has ended',
    async () => (await read(id)).state === 'cancelled' && (await settled(id)),
    60_000,
  )
  const { counts } = await read(id)
  const { rows } = await stack.database.pool.query<{ state: string; count: number }>(
    `select state, count(*)::int as count
     from deliveries
     where operation_id = $1
     group by state
     order by state`,
    [id],
  )
  const states = Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  expect(counts.waiting).toBe(0)
  // Each member that was begun has a delivery; the ledger lists the others, too.
  const begun = rows.reduce((sum, { count }) => sum + count, 0)
  const neverBegun = counts.matched - begun
  expect({ delivered: counts.delivered, cancelled: counts.cancelled }).toEqual({
    delivered: states['delivered'] ?? 0,
    cancelled: (states['cancelled'] ?? 0) + neverBegun,
  })
  expect(counts.delivered + counts.failed + counts.skipped + counts.cancelled).toBe(counts.matched)
  expect(begun).toBeLessThan(members)

  // The receiver has got each delivery that the ledger lists as delivered.
  const received = new Set(stack.receiver.requests.map(({ headers }) => headers['webhook-id']))
  const { rows: ledgerDelivered } = await stack.database.pool.query<{ id: string }>(
    `select delivery_id as id
     from operation_items
     where operation_id = $1
       and outcome = 'delivered'`,
    [id],
  )
  expect(ledgerDelivered.filter((one) => !received.has(one.id))).toEqual([])
}, 180_000)

async function settled(id: string): Promise<boolean> {
  const { rows } = await stack.database.pool.query<{ count: number }>(
    `select count(*)::int as count
     from deliveries
     where operation_id = $1
       and state in ('queued', 'delivering', 'retrying')`,
    [id],
  )
  return rows[0]?.count === 0
}
