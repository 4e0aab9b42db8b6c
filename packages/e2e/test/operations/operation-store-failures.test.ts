import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from '../deliveries/dead-letters.ts'
import { startOwnRedis, type OwnRedis } from '@ghostpost/test-kit/processes/own-redis'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const members = 1_500
let stack: Stack
let redis: OwnRedis
let postgres: FaultProxy

beforeAll(async () => {
  redis = await startOwnRedis()
  stack = await startStack({ QUEUE_URL: redis.url, GHOSTPOST_RECEIVER_CONCURRENCY: '1000' }, 0)
  const url = new URL(stack.database.url)
  postgres = await startFaultProxy(Number(url.port))
  url.port = String(postgres.port)
  const [api] = await Promise.all([
    stack.startApi({ DATABASE_URL: url.href }),
    stack.startWorker({ DATABASE_URL: url.href }),
    stack.startWorker({ DATABASE_URL: url.href }),
  ])
  stack = { ...stack, api: api.address }
  stack.receiver.always(respond(200))
  await makeDeadLetters(stack, members)
})

afterAll(async () => {
  await stack.stop()
  await postgres.stop()
  await redis.remove()
})

interface Operation {
  operation_id: string
  state: string
  counts: Record<'matched' | 'waiting' | 'delivered' | 'failed' | 'skipped' | 'cancelled', number>
}

async function started(): Promise<string> {
  const body = { kind: 'resend', filter: { status: 'failed' }, rate: 150 }
  const planned = await callApi(stack, '/api/operations/plan', { body })
  const { operation_id } = (planned.body as unknown as { operation: Operation }).operation
  expect((await callApi(stack, '/api/operations', { body: { operation_id } })).status).toBe(202)
  return operation_id
}

/** Null while Postgres is unreachable. */
async function read(id: string): Promise<Operation | null> {
  const { status, body } = await callApi(stack, `/api/operations/${id}`)
  return status === 200 ? (body as unknown as Operation) : null
}

/** How many members are delivered. Expects that the operation still runs. */
async function deliveredWhileRunning(id: string): Promise<number> {
  const { state, counts } = await waitUntil('the operation can be read', () => read(id))
  expect(state).toBe('running')
  return counts.delivered
}

const delivered = (id: string, count: number) =>
  waitUntil(`${count} are delivered`, async () => ((await read(id))?.counts.delivered ?? 0) >= count, 60_000)

async function flushRedis(): Promise<void> {
  const client = new Redis(redis.url)
  await client.flushall()
  client.disconnect()
}

async function cutPostgres(): Promise<void> {
  postgres.setMode({ kind: 'cut' })
  await waitUntil(
    'Postgres is unreachable',
    async () => (await callApi(stack, '/readyz', { session: null })).status === 503,
  )
  postgres.setMode({ kind: 'pass' })
}

async function expectCompleteLedger(id: string): Promise<void> {
  const counts = { matched: members, waiting: 0, delivered: members, failed: 0, skipped: 0, cancelled: 0 }
  expect(await read(id)).toMatchObject({ state: 'completed', counts })
  const { rows } = await stack.database.pool.query<{ outcome: string; count: number }>(
    `select outcome, count(*)::int as count
     from operation_items
     where operation_id = $1
     group by outcome`,
    [id],
  )
  expect(rows).toEqual([{ outcome: 'delivered', count: members }])
  expect(await stack.database.prisma.delivery.count({ where: { state: 'delivered' } })).toBe(members)
  const received = new Set(stack.receiver.requests.map(({ headers }) => headers['webhook-id']))
  expect(received.size).toBe(members)
}

test('an operation completes with a full ledger although Redis is flushed and killed and Postgres is cut off', async () => {
  const id = await started()
  await delivered(id, 100)
  await flushRedis()
  await delivered(id, (await deliveredWhileRunning(id)) + 100)

  await cutPostgres()
  await delivered(id, (await deliveredWhileRunning(id)) + 100)

  await redis.kill()
  await Promise.all([cutPostgres(), redis.restart()])
  await delivered(id, (await deliveredWhileRunning(id)) + 100)

  await flushRedis()
  await cutPostgres()
  await deliveredWhileRunning(id)
  await waitUntil('the operation is completed', async () => (await read(id))?.state === 'completed', 120_000)
  await expectCompleteLedger(id)
}, 240_000)
