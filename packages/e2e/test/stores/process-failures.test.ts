import { connect } from 'node:net'
import { startFaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startOwnRedis } from '@ghostpost/test-kit/processes/own-redis'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { deleteQueue } from './queue-contents.ts'
import { startStack, type Stack, type StackSettings } from '@ghostpost/test-kit/processes/start-stack'
import { Client } from 'pg'

/** The API of all tests. Each test starts the workers it needs, and an API of its own to stop or kill. */
let stack: Stack
let workers: RunningProcess[]

beforeAll(async () => {
  // Shorter claims than other tests have, because these wait until one expires.
  const deadlines = {
    GHOSTPOST_CONNECT_TIMEOUT_MS: '2000',
    GHOSTPOST_ANSWER_TIMEOUT_MS: '2500',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: '3000',
    GHOSTPOST_CLAIM_MS: '4500',
    GHOSTPOST_LOCK_MS: '2500',
  }
  stack = await startStack({ ...deadlines, GHOSTPOST_RETRY_SCHEDULE: '0s 100ms 100ms' }, 0)
})

beforeEach(() => {
  workers = []
  stack.receiver.always(respond(200))
})

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()))
  await deleteQueue(stack.queue)
  await stack.database.pool.query('truncate deliveries cascade')
  stack.receiver.requests.length = 0
})

afterAll(() => stack.stop())

async function startWorker(settings: StackSettings = {}): Promise<RunningProcess> {
  const worker = await stack.startWorker(settings)
  workers.push(worker)
  return worker
}

async function lockDeliveries(): Promise<Client> {
  const client = new Client({ connectionString: stack.database.url })
  await client.connect()
  await client.query('begin; lock table deliveries in access exclusive mode')
  return client
}

/** Starts a worker whose statements wait for a lock, asks it to stop, and frees the lock. Returns its exit code. */
async function stopWhileStatementsWait(
  blocker: Client,
  start: () => Promise<RunningProcess>,
): Promise<number | null> {
  try {
    const started = await start()
    await waitUntil('a statement of the worker waits', async () => {
      const { rowCount } = await stack.database.pool.query(
        `select
         from pg_stat_activity
         where datname = current_database()
           and application_name = 'ghostpost-worker'
           and wait_event_type = 'Lock'`,
      )
      return rowCount !== null && rowCount > 0
    })
    const stopped = started.stop()
    await blocker.query('rollback')
    return await stopped
  } finally {
    await blocker.end()
  }
}

async function stateOf(id: unknown): Promise<unknown> {
  return (await callApi(stack, `/api/deliveries/${String(id)}`)).body?.['status']
}

async function exportLater(changes: Record<string, unknown> = {}, api = stack.api): Promise<unknown> {
  const headers = { prefer: 'respond-async' }
  const call = { body: exportBody(stack, changes), headers }
  return (await callApi({ ...stack, api }, '/api/webhook', call)).body?.['delivery_id']
}

describe('a worker', () => {
  let worker: RunningProcess

  beforeEach(async () => {
    worker = await startWorker()
  })

  test('killed during a request is replaced, and its attempt is recorded as interrupted', async () => {
    const { promise: never } = Promise.withResolvers<void>()
    stack.receiver.next(async () => never)
    const id = await exportLater()
    await stack.receiver.waitForRequests(1)
    await worker.kill()
    await startWorker()
    await waitUntil('it is delivered', async () => (await stateOf(id)) === 'delivered')
    const { body } = await callApi(stack, `/api/deliveries/${String(id)}`)
    expect(body?.['attempts']).toMatchObject([
      { number: 1, outcome: 'interrupted', decision: 'retry', outcome_unknown: true },
      { number: 2, outcome: 'answered', decision: 'delivered' },
    ])
  })

  test('killed during a message to a chat makes a dead letter, not a second message', async () => {
    const { promise: never } = Promise.withResolvers<void>()
    stack.receiver.next(async () => never)
    const id = await exportLater({ webhook_type: 'slack' })
    await stack.receiver.waitForRequests(1)
    await worker.kill()
    await startWorker()
    await waitUntil('the delivery has failed', async () => (await stateOf(id)) === 'failed')
    expect(stack.receiver.requests).toHaveLength(1)
  })

  test('killed with deliveries in flight is noticed long before their claims expire', async () => {
    await worker.stop()
    const longClaims = {
      GHOSTPOST_ANSWER_TIMEOUT_MS: '50000',
      GHOSTPOST_ATTEMPT_TIMEOUT_MS: '60000',
      GHOSTPOST_CLAIM_MS: '120000',
      GHOSTPOST_LOCK_MS: '120000',
      GHOSTPOST_WORKER_IN_FLIGHT: '60',
    }
    const doomed = await startWorker(longClaims)
    const { promise: never } = Promise.withResolvers<void>()
    stack.receiver.always(async () => never)
    const ids = await Promise.all(Array.from({ length: 40 }, () => exportLater()))
    await stack.receiver.waitForRequests(12)
    await startWorker(longClaims)
    stack.receiver.always(respond(200))
    const killedAt = Date.now()
    await doomed.kill()
    const rows = await waitUntil(
      'all are delivered',
      async () => {
        const deliveries = await stack.database.prisma.delivery.findMany({ include: { attemptRows: true } })
        return deliveries.every(({ state }) => state === 'delivered') && deliveries
      },
      30_000,
    )
    console.log(`all ${ids.length} deliveries were delivered ${Date.now() - killedAt} ms after the kill`)
    const interrupted = rows.filter(({ attempts }) => attempts === 2)
    expect(interrupted.length).toBeGreaterThanOrEqual(12)
    for (const { attemptRows } of interrupted)
      expect(attemptRows).toMatchObject([
        { outcome: 'interrupted', outcomeUnknown: true },
        { outcome: 'answered' },
      ])
  })

  test('frozen is left alone until its claim expires, and changes nothing afterwards', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    stack.receiver.next(async (request, response) => {
      await released
      await respond(200)(request, response)
    })
    const id = String(await exportLater({ webhook_type: 'slack' }))
    await stack.receiver.waitForRequests(1)
    worker.child.kill('SIGSTOP')
    const { claimExpiresAt } = await stack.database.prisma.delivery.findUniqueOrThrow({ where: { id } })
    await startWorker()
    await waitUntil('another worker has given up', async () => (await stateOf(id)) === 'failed')
    const { finishedAt } = await stack.database.prisma.delivery.findUniqueOrThrow({ where: { id } })
    expect(Number(finishedAt)).toBeGreaterThanOrEqual(Number(claimExpiresAt))
    const before = await callApi(stack, `/api/deliveries/${id}`)
    release()
    worker.child.kill('SIGCONT')
    await waitUntil('the worker logs the lost claim', () =>
      worker.output().includes(`"event":"claim_lost","delivery_id":"${id}","outcome":`),
    )
    expect((await callApi(stack, `/api/deliveries/${id}`)).body).toEqual(before.body)
    expect(before.body?.['attempts']).toMatchObject([{ outcome: 'interrupted', outcome_unknown: true }])
    expect(stack.receiver.requests).toHaveLength(1)
  })

  test('cut off from Postgres keeps a response, which corrects the log when it is back', async () => {
    await worker.stop()
    const url = new URL(stack.database.url)
    const proxy = await startFaultProxy(Number(url.port))
    url.port = String(proxy.port)
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    stack.receiver.next(async (request, response) => {
      await released
      await respond(200)(request, response)
    })
    await startWorker({ DATABASE_URL: url.href })
    const id = await exportLater({ webhook_type: 'slack' })
    await stack.receiver.waitForRequests(1)
    proxy.setMode({ kind: 'cut' })
    release()
    await startWorker()
    await waitUntil('another worker has given up', async () => (await stateOf(id)) === 'failed')
    proxy.setMode({ kind: 'pass' })
    await waitUntil('it has recorded the response', async () => (await stateOf(id)) === 'delivered')
    expect((await callApi(stack, `/api/deliveries/${String(id)}`)).body?.['attempts']).toMatchObject([
      { number: 1, outcome: 'answered', decision: 'delivered', outcome_unknown: false },
    ])
    expect(stack.receiver.requests).toHaveLength(1)
    await Promise.all(workers.map((one) => one.kill()))
    await proxy.stop()
  })

  test.each([
    ['slack', ['failed', 'interrupted']],
    ['custom', ['delivered', 'interrupted', 'answered']],
  ])(
    'asked to stop while it finds an interrupted attempt to %s does not forget it',
    async (type, expected) => {
      const { promise: never } = Promise.withResolvers<void>()
      stack.receiver.next(async () => never)
      const id = String(await exportLater({ webhook_type: type }))
      await stack.receiver.waitForRequests(1)
      await worker.kill()
      await stack.database.pool.query(
        'update deliveries set claim_expires_at = now(), sweep_at = now() where id = $1',
        [id],
      )
      expect(await stopWhileStatementsWait(await lockDeliveries(), startWorker)).toBe(0)
      await startWorker()
      const row = await waitUntil('it is settled', async () => {
        const where = { where: { id }, include: { attemptRows: true } }
        const found = await stack.database.prisma.delivery.findUnique(where)
        return found?.sweepAt === null && found
      })
      expect([row.state, ...row.attemptRows.map(({ outcome }) => outcome)]).toEqual(expected)
      expect(stack.receiver.requests).toHaveLength(expected.length - 1)
    },
  )

  test('asked to stop finishes its attempts, records them and exits', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    stack.receiver.next(async (request, response) => {
      await released
      await respond(200)(request, response)
    })
    const id = await exportLater()
    await stack.receiver.waitForRequests(1)
    const stopped = worker.stop()
    release()
    expect(await stopped).toBe(0)
    expect(await stateOf(id)).toBe('delivered')
  })

  test('that starts late delivers earlier exports', async () => {
    await worker.stop()
    const id = await exportLater()
    expect(await stateOf(id)).toBe('queued')
    await startWorker()
    await waitUntil('it is delivered', async () => (await stateOf(id)) === 'delivered')
  })

  test('makes a dead letter after the last attempt of the schedule', async () => {
    stack.receiver.always(respond(503))
    const id = await exportLater()
    await waitUntil('the delivery has failed', async () => (await stateOf(id)) === 'failed')
    expect(stack.receiver.requests).toHaveLength(3)
    const { body } = await callApi(stack, `/api/deliveries/${String(id)}`)
    expect(body).toMatchObject({ next_attempt_at: null, last_error: { response_status: 503 } })
    expect(body?.['attempts']).toHaveLength(3)
  })
})

describe('a queue', () => {
  test('that loses all its data loses no delivery', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => exportLater()))
    await deleteQueue(stack.queue)
    await startWorker()
    for (const id of ids) await waitUntil('it is delivered', async () => (await stateOf(id)) === 'delivered')
    expect(stack.receiver.requests).toHaveLength(10)
  })

  test('that is down means 202, and delivery when it is back', async () => {
    const redis = await startOwnRedis()
    const settings = { QUEUE_URL: redis.url }
    const [api] = await Promise.all([stack.startApi(settings), startWorker(settings)])
    const called = { ...stack, api: api.address }
    await redis.stop()
    const call = { body: exportBody(stack), headers: { prefer: 'wait=1' } }
    const { status, body } = await callApi(called, '/api/webhook', call)
    expect(status).toBe(202)
    expect(body).toMatchObject({ success: false, status: 'queued', attempts: 0 })
    expect(await callApi(called, '/readyz', { session: null })).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { database: 'ok', queue: 'down' } },
    })
    const lists = ['deliveries', 'failures', 'operations', 'destinations', 'system']
    for (const list of lists)
      expect([list, (await callApi(called, `/api/${list}`)).status]).toEqual([list, 200])
    await redis.restart()
    await waitUntil('it is delivered', async () => (await stateOf(body?.['delivery_id'])) === 'delivered')
    await api.stop()
    await redis.remove()
  })
})

describe('a database', () => {
  test('that is down means 503 with Retry-After, and nothing is stored', async () => {
    const { address } = await stack.startApi({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' })
    const called = { ...stack, api: address }
    const { status, headers, body } = await callApi(called, '/api/webhook', { body: exportBody(stack) })
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('5')
    expect(body).toMatchObject({ success: false, error: { code: 'unavailable' } })
    expect(await callApi(called, '/readyz', { session: null })).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { database: 'down' } },
    })
    expect((await callApi(called, '/healthz', { session: null })).status).toBe(200)
  })
})

describe('a database that goes down', () => {
  test('makes workers wait with any backlog, and they continue when it is back', async () => {
    const count = 150
    const ids = await Promise.all(Array.from({ length: count }, () => exportLater()))
    const url = new URL(stack.database.url)
    const proxy = await startFaultProxy(Number(url.port))
    proxy.setMode({ kind: 'cut' })
    url.port = String(proxy.port)
    const worker = await startWorker({ DATABASE_URL: url.href })
    await waitUntil('the worker waits for the database', () =>
      worker.output().includes('deliveries wait until it is'),
    )
    const before = proxy.totalConnections()
    await waitUntil('four sweeps have failed', () => worker.output().match(/sweep failed/g)?.length === 4)
    // Periodic tasks still connect. The jobs in the queue do not.
    expect(proxy.totalConnections() - before).toBeLessThan(count)
    expect(worker.output()).not.toContain('an attempt failed on our side')

    proxy.setMode({ kind: 'pass' })
    for (const id of ids) await waitUntil('it is delivered', async () => (await stateOf(id)) === 'delivered')
    expect(stack.receiver.requests).toHaveLength(count)
    expect(worker.output()).toContain('"event":"database_back"')
    await worker.stop()
    await proxy.stop()
  })
})

describe('an API', () => {
  test('asked to stop responds 202 to waiting calls', async () => {
    const api = await stack.startApi()
    const called = { ...stack, api: api.address }
    const waiting = callApi(called, '/api/webhook', { body: exportBody(stack) })
    await waitUntil('the delivery is saved', async () => (await stack.database.prisma.delivery.count()) === 1)
    const stopped = api.stop()
    expect(await waiting).toMatchObject({ status: 202, body: { status: 'queued' } })
    expect(await stopped).toBe(0)
  })

  test('asked to stop under load responds to all waiting calls and does not wait for slow clients', async () => {
    const api = await stack.startApi()
    const called = { ...stack, api: api.address }
    const { port } = new URL(api.address)
    const slowClient = connect(Number(port), '127.0.0.1')
    const head = [
      'host: x',
      `cookie: session=${stack.session}`,
      'content-type: application/json',
      'content-length: 10',
    ]
    slowClient.on('error', () => {}).write(`POST /api/webhook HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n{`)
    const count = 60
    const call = { body: exportBody(stack) }
    const waiting = Array.from({ length: count }, () => callApi(called, '/api/webhook', call))
    await waitUntil('all are saved', async () => (await stack.database.prisma.delivery.count()) === count)
    const stopped = api.stop()
    const responses = await Promise.all(waiting)
    expect(responses.filter(({ status }) => status !== 202)).toEqual([])
    expect(await stopped).toBe(0)
    expect(api.output()).not.toContain('ending by force')
    slowClient.destroy()
  })

  test('killed after saving leaves the delivery to the sweeper', async () => {
    const api = await stack.startApi()
    const id = await exportLater({}, api.address)
    await api.kill()
    await deleteQueue(stack.queue)
    await startWorker()
    const delivered = await waitUntil('it is delivered', async () => {
      const row = await stack.database.prisma.delivery.findUnique({ where: { id: String(id) } })
      return row?.state === 'delivered' && row
    })
    expect(delivered.attempts).toBe(1)
  })

  test('on a used port fails with an error that names the remedy', async () => {
    const { port } = new URL(stack.api)
    await expect(stack.startApi({ GHOSTPOST_PORT: port })).rejects.toThrow(
      /Cannot start: address already in use .*Set GHOSTPOST_PORT to a free port/,
    )
  })
})
