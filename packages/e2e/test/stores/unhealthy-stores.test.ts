import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startOwnRedis, type OwnRedis } from '@ghostpost/test-kit/processes/own-redis'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

/** Each test breaks a store of the same processes and repairs it. */
let stack: Stack
let redis: OwnRedis
/** Length of the worker's log at the start of the test. */
let loggedBefore: number

beforeAll(async () => {
  redis = await startOwnRedis()
  stack = await startStack({ QUEUE_URL: redis.url })
})

beforeEach(() => {
  loggedBefore = workerLog().length
  stack.receiver.requests.length = 0
})

afterAll(async () => {
  await stack.stop()
  await redis.remove()
})

const workerLog = (): string => stack.workers[0]?.output() ?? ''
const workerHasLogged = (text: string): boolean => workerLog().slice(loggedBefore).includes(text)
const ready = (): Promise<ApiResponse> => callApi(stack, '/readyz', { session: null })
const exportNow = (headers: Record<string, string> = {}): Promise<ApiResponse> =>
  callApi(stack, '/api/webhook', { body: exportBody(stack), headers: { prefer: 'wait=1', ...headers } })

async function onRedis(work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(redis.url)
  await work(client)
  client.disconnect()
}

/** Simulates a full disk: Redis cannot write a snapshot and then refuses writes (MISCONF). */
async function breakSnapshots(client: Redis): Promise<void> {
  await mkdir(await snapshotOf(client))
  await client.config('SET', 'save', '3600 1')
  await client.bgsave()
  await waitUntil('the snapshot fails', async () =>
    /last_bgsave_status:err/.test(await client.info('persistence')),
  )
}

async function repairSnapshots(client: Redis): Promise<void> {
  await rm(await snapshotOf(client), { recursive: true })
  await client.bgsave()
}

async function snapshotOf(client: Redis): Promise<string> {
  const [, folder = ''] = await client.config('GET', 'dir')
  return join(folder, 'dump.rdb')
}

describe('a queue whose Redis', () => {
  test.each<[string, string, (client: Redis) => Promise<unknown>, (client: Redis) => Promise<unknown>]>([
    [
      'is out of memory',
      'full',
      (client) => client.config('SET', 'maxmemory', '1'),
      (client) => client.config('SET', 'maxmemory', '0'),
    ],
    [
      'takes no writes',
      'read_only',
      (client) => client.call('REPLICAOF', '127.0.0.1', '1'),
      (client) => client.call('REPLICAOF', 'NO', 'ONE'),
    ],
    ['cannot write to its disk', 'read_only', breakSnapshots, repairSnapshots],
    [
      'lets its user run no scripts',
      'forbidden',
      (client) => client.acl('SETUSER', 'default', '-evalsha'),
      (client) => client.acl('SETUSER', 'default', '+evalsha'),
    ],
    [
      'lets its user run scripts, but not a command in them',
      'forbidden',
      (client) => client.acl('SETUSER', 'default', '-incr'),
      (client) => client.acl('SETUSER', 'default', '+incr'),
    ],
  ])(
    '%s: the API accepts exports, reports why it is degraded, and loses no delivery',
    async (_name, check, on, off) => {
      expect(await ready()).toMatchObject({ status: 200, body: { checks: { queue: 'ok' } } })
      await onRedis(on)
      const { status, body } = await exportNow()
      expect(status).toBe(202)
      expect(body).toMatchObject({ status: 'queued', attempts: 0 })
      expect(await ready()).toMatchObject({
        status: 200,
        body: { status: 'degraded', checks: { database: 'ok', queue: check } },
      })
      const explained = await callApi(stack, `/api/deliveries/${String(body?.['delivery_id'])}/explain`)
      expect(explained.body?.['reasons']).toContainEqual(expect.objectContaining({ code: 'queue_down' }))
      expect((await callApi(stack, '/api/system')).body).toMatchObject({ checks: { queue: check } })
      await waitUntil('the worker says so', () => workerHasLogged(`"event":"queue_unfit","check":"${check}"`))
      await onRedis(off)
      await stack.receiver.waitForRequests(1)
      const path = `/api/deliveries/${String(body?.['delivery_id'])}`
      await waitUntil(
        'it is delivered',
        async () => (await callApi(stack, path)).body?.['status'] === 'delivered',
      )
      await waitUntil('it is ready', async () => (await ready()).body?.['status'] === 'ready')
    },
  )

  test('may evict jobs: the API reports that it is degraded, and still delivers', async () => {
    await onRedis((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'))
    expect(await ready()).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { queue: 'evicting' } },
    })
    await waitUntil('the worker says so', () => workerHasLogged('maxmemory-policy'))
    expect(await exportNow()).toMatchObject({ status: 200, body: { success: true } })
    await onRedis((client) => client.config('SET', 'maxmemory-policy', 'noeviction'))
    await waitUntil('it is ready', async () => (await ready()).body?.['status'] === 'ready')
  })
})

describe('a queue whose Redis loses a part of its data under waiting deliveries', () => {
  const laneKey = (name: string): string => `{${stack.queue.prefix}}:lane-live:${name}`
  const exported = 40

  async function exportAll(): Promise<string[]> {
    const headers = { prefer: 'respond-async' }
    const responses = await Promise.all(
      Array.from({ length: exported }, () =>
        callApi(stack, '/api/webhook', { body: exportBody(stack), headers }),
      ),
    )
    return responses.map(({ body }) => String(body?.['delivery_id']))
  }

  async function expectDeliveredOnce(ids: readonly string[]): Promise<void> {
    await waitUntil(
      'all are delivered',
      async () =>
        (await stack.database.prisma.delivery.count({
          where: { id: { in: [...ids] }, state: 'delivered' },
        })) === ids.length,
      90_000,
    )
    const received = stack.receiver.requests.map(({ headers: sent }) => String(sent['webhook-id']))
    expect(new Set(received).size).toBe(received.length)
    expect(received).toHaveLength(ids.length)
  }

  /** The worker is stopped meanwhile, so that all deliveries wait. */
  async function whileStopped<T>(work: () => Promise<T>): Promise<T> {
    stack.workers[0]?.child.kill('SIGSTOP')
    try {
      return await work()
    } finally {
      stack.workers[0]?.child.kill('SIGCONT')
    }
  }

  test.each([[['wait']], [['wait', 'meta', 'events', 'marker']], [['wait', 'active', 'stalled']]])(
    '%j: each is delivered once, and explain says that the queue lost it',
    async (names) => {
      const ids = await whileStopped(async () => {
        const all = await exportAll()
        await onRedis((client) => client.del(names.map(laneKey)))
        const { body } = await callApi(stack, `/api/deliveries/${all[0]}/explain`)
        expect(body).toMatchObject({
          reasons: expect.arrayContaining([expect.objectContaining({ code: 'not_queued' })]),
        })
        return all
      })
      await expectDeliveredOnce(ids)
    },
  )

  test('by eviction at its memory limit: each is delivered once', async () => {
    const ids = await whileStopped(async () => {
      const all = await exportAll()
      await onRedis(async (client) => {
        const used = Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1])
        await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
        await client.config('SET', 'maxmemory', String(used + 300_000))
        for (let index = 0; index < 400; index += 1) await client.set(`filler-${index}`, 'x'.repeat(5_000))
        await client.config('SET', 'maxmemory', '0')
        await client.config('SET', 'maxmemory-policy', 'noeviction')
      })
      return all
    })
    await expectDeliveredOnce(ids)
  })
})

describe('a database that', () => {
  async function expectRefused(check: string): Promise<void> {
    const { status, headers, body } = await exportNow()
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('5')
    expect(body).toMatchObject({ error: { code: 'unavailable' } })
    expect(await ready()).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { database: check } },
    })
  }

  test('refuses writes: the API responds 503 with Retry-After, is not ready, and recovers with it', async () => {
    const name = new URL(stack.database.url).pathname.slice(1)
    const admin = new Client({ connectionString: stack.database.url })
    await admin.connect()
    const reconnectAll = `select pg_terminate_backend(pid) from pg_stat_activity
                          where datname = current_database() and pid <> pg_backend_pid()`
    await admin.query(`alter database ${name} set default_transaction_read_only = on`)
    await admin.query(reconnectAll)
    await waitUntil('it is noticed', async () => (await ready()).status === 503)
    await expectRefused('read_only')
    await admin.query('set default_transaction_read_only = off')
    await admin.query(`alter database ${name} set default_transaction_read_only = off`)
    await admin.query(reconnectAll)
    await admin.end()
    await waitUntil('it is ready', async () => (await ready()).status === 200)
    expect(await exportNow()).toMatchObject({ status: 200, body: { success: true } })
  })

  /** Runs `work` while another transaction holds this table, as ALTER TABLE and VACUUM FULL do. */
  async function whileLocked(table: string, work: () => Promise<void>): Promise<void> {
    const holder = await stack.database.pool.connect()
    try {
      await holder.query('begin')
      await holder.query(`lock table ${table} in access exclusive mode`)
      await work()
    } finally {
      await holder.query('rollback')
      holder.release()
    }
  }

  const cancelWaiting = async (): Promise<boolean> => {
    const { rows } = await stack.database.pool.query<{ cancelled: boolean }>(
      `select pg_cancel_backend(pid) as cancelled
       from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and application_name = 'ghostpost-api'`,
    )
    return rows.length > 0
  }

  const contended = {
    status: 503,
    body: { error: { code: 'unavailable', message: expect.stringContaining('cancelled this request') } },
  }

  test.each<[string, string, () => Promise<ApiResponse>]>([
    ['an export', 'deliveries', exportNow],
    ['an export under a key', 'idempotency_keys', () => exportNow({ 'idempotency-key': 'locked' })],
    ['a read by Prisma', 'destinations', () => callApi(stack, '/api/destinations')],
  ])(
    'cancels %s that waits for a lock: the API responds 503 with Retry-After',
    async (_name, table, call) => {
      await whileLocked(table, async () => {
        const calling = call()
        await waitUntil('it waits and is cancelled', cancelWaiting)
        const response = await calling
        expect(response).toMatchObject(contended)
        expect(response.headers.get('retry-after')).toBe('5')
      })
      expect((await call()).status).toBe(200)
    },
  )

  test('gives up on a lock: the API responds 503, and workers deliver when the lock is free', async () => {
    const name = new URL(stack.database.url).pathname.slice(1)
    await stack.database.pool.query(`alter database ${name} set lock_timeout = '100ms'`)
    const impatient = await stack.startApi()
    const call = (): Promise<ApiResponse> =>
      callApi({ ...stack, api: impatient.address }, '/api/webhook', { body: exportBody(stack) })
    await whileLocked('deliveries', async () => expect(await call()).toMatchObject(contended))
    await stack.database.pool.query(`alter database ${name} reset lock_timeout`)
    expect(await call()).toMatchObject({ status: 200 })
    await impatient.stop()
  })

  test('leaves no free connection: the API says that it is busy, and not that the database is down', async () => {
    const small = await stack.startApi({ GHOSTPOST_DATABASE_POOL: '2' })
    const call = (): Promise<ApiResponse> =>
      callApi({ ...stack, api: small.address }, '/api/webhook', {
        body: exportBody(stack),
        headers: { prefer: 'respond-async', 'idempotency-key': randomUUID() },
      })
    expect((await call()).status).toBe(202)
    await whileLocked('deliveries', async () => {
      const calls = Array.from({ length: 5 }, call)
      const first = await Promise.race(calls)
      expect(first).toMatchObject({
        status: 503,
        body: { error: { code: 'unavailable', message: expect.stringContaining('API process is busy') } },
      })
      expect(first.headers.get('retry-after')).toBe('2')
      await waitUntil('the others are cancelled', cancelWaiting)
      await Promise.all(calls)
    })
    await small.stop()
  })

  /** Simulates a full disk: inserts into this table fail. */
  async function fillDiskOf(table: string): Promise<void> {
    await stack.database.pool.query(`
      create or replace function disk_is_full() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
      create trigger disk_is_full before insert on ${table} execute function disk_is_full()`)
  }

  test('has no room for an attempt: the worker keeps the outcome and records it when there is room', async () => {
    await fillDiskOf('attempts')
    const { status, body } = await exportNow()
    expect(status).toBe(202)
    await stack.receiver.waitForRequests(1)
    await waitUntil('the worker waits', () => workerHasLogged('deliveries wait until it is'))
    await stack.database.pool.query('drop trigger disk_is_full on attempts')
    const path = `/api/deliveries/${String(body?.['delivery_id'])}`
    const delivered = await waitUntil('it is delivered', async () => {
      const response = await callApi(stack, path)
      return response.body?.['status'] === 'delivered' && response.body
    })
    expect(delivered['attempts']).toMatchObject([{ number: 1, outcome: 'answered', decision: 'delivered' }])
    expect(stack.receiver.requests).toHaveLength(1)
  })

  // The last one: an API remembers a full disk for a while.
  test('has a full disk: the API responds 503 with Retry-After and is not ready', async () => {
    const before = await stack.database.prisma.delivery.count()
    await fillDiskOf('deliveries')
    await expectRefused('full')
    expect(await stack.database.prisma.delivery.count()).toBe(before)
  })
})
