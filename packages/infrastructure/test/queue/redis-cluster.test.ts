import { randomUUID } from 'node:crypto'
import { redisBudgets, type BudgetStore } from '@ghostpost/infrastructure/budgets'
import { openCallLimits } from '@ghostpost/infrastructure/call-limits'
import { redisEvents, type LiveBatch } from '@ghostpost/infrastructure/events'
import { openQueue, type DeliveryQueue } from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { sendRedisCommand } from '@ghostpost/local-services'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { startTestCluster, type TestCluster } from '@ghostpost/test-kit/test-cluster'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const log = openLogger('test', 'silent')
const shards = 12
let cluster: TestCluster
let prefix: string
let cleanUp: (() => unknown)[] = []

beforeAll(async () => {
  cluster = await startTestCluster()
})

beforeEach(() => {
  prefix = `cluster-${randomUUID().slice(0, 8)}`
})

afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

afterAll(() => cluster.remove())

async function keysOn(port: number, pattern: string): Promise<number> {
  const reply = await sendRedisCommand(port, `EVAL "return #redis.call('KEYS', ARGV[1])" 0 ${pattern}`)
  return Number(/^:(\d+)/.exec(reply)?.[1] ?? Number.NaN)
}

describe('the check of a queue on a cluster', () => {
  let queue: DeliveryQueue

  beforeEach(async () => {
    queue = await openQueue({ url: cluster.url, prefix, shards, log })
    cleanUp.push(queue.close)
  })

  /** Runs `on` on one node, waits for a result other than ok, runs `off`, and returns that result. */
  async function checkWhile(on: string, off: string): Promise<string> {
    const port = cluster.nodes[0]?.port ?? 0
    await sendRedisCommand(port, on)
    let observed: string
    try {
      observed = await waitUntil('the check reports a problem', async () => {
        const check = await queue.check()
        return check !== 'ok' && check
      })
    } finally {
      await sendRedisCommand(port, off)
    }
    await waitUntil('the check is ok again', async () => (await queue.check()) === 'ok')
    return observed
  }

  test('is ok while all nodes are', async () => {
    expect(await queue.check()).toBe('ok')
  })

  test('is full when one node is out of memory', async () => {
    expect(await checkWhile('CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0')).toBe('full')
  })

  test('is evicting when one node may evict keys', async () => {
    const policy = (name: string): string => `CONFIG SET maxmemory-policy ${name}`
    expect(await checkWhile(policy('allkeys-lru'), policy('noeviction'))).toBe('evicting')
  })

  test('is partial while a node is down, and the depth counts the jobs of the other nodes', async () => {
    const enqueueFor = async (siteId: number): Promise<boolean> =>
      queue.enqueue(dueDeliveryWith({ deliveryId: randomUUID(), siteId }))
    const all = await Promise.all(Array.from({ length: 60 }, (_, site) => enqueueFor(site + 1)))
    expect(all.every(Boolean)).toBe(true)
    expect((await queue.depth()).live.waiting).toBe(60)
    const keyCounts = await Promise.all(
      cluster.nodes.map(({ port }) => keysOn(port, `*${prefix}*lane-live*`)),
    )
    const lost = cluster.nodes[keyCounts.findIndex((count) => count > 0)]
    await lost?.kill()
    await waitUntil('the check is partial', async () => (await queue.check()) === 'partial')
    const counted = (await queue.depth()).live.waiting
    expect(counted).toBeGreaterThan(0)
    expect(counted).toBeLessThan(60)
    const enqueued = await Promise.all(Array.from({ length: 60 }, (_, site) => enqueueFor(site + 1)))
    expect(new Set(enqueued)).toEqual(new Set([true, false]))
    await lost?.start()
    await waitUntil('the check is ok again', async () => (await queue.check()) === 'ok')
    expect(await enqueueFor(1)).toBe(true)
  })
})

/** Moves a hash slot with all its keys to another node, as an operator does who adds a node. */
async function moveSlot(slot: number, from: number, to: number): Promise<void> {
  const idOf = async (port: number): Promise<string> =>
    (await sendRedisCommand(port, 'CLUSTER MYID')).split('\r\n')[1] ?? ''
  const [fromId, toId] = [await idOf(from), await idOf(to)]
  await sendRedisCommand(to, `CLUSTER SETSLOT ${slot} IMPORTING ${fromId}`)
  await sendRedisCommand(from, `CLUSTER SETSLOT ${slot} MIGRATING ${toId}`)
  const listed = await sendRedisCommand(from, `CLUSTER GETKEYSINSLOT ${slot} 1000`)
  const keys = listed.split('\r\n').filter((line) => line.startsWith('{'))
  expect(await sendRedisCommand(from, `MIGRATE 127.0.0.1 ${to} "" 0 5000 KEYS ${keys.join(' ')}`)).toContain(
    'OK',
  )
  for (const port of [to, from]) await sendRedisCommand(port, `CLUSTER SETSLOT ${slot} NODE ${toId}`)
}

test('the queue follows a shard whose hash slot moves to another node', async () => {
  const queue = await openQueue({ url: cluster.url, prefix, log })
  const listener = queue.listenForSettlements()
  const consumer = queue.consume({
    lane: 'live',
    concurrency: 5,
    inFlight: 400,
    lockMs: 2_000,
    handle: async ({ deliveryId }) => ({ kind: 'done', settlement: settledOf(deliveryId) }),
  })
  cleanUp.push(queue.close, listener.close, () => consumer.stop(5_000))
  const isSettled = async (): Promise<boolean> => {
    const id = randomUUID()
    const expectation = listener.expect(id)
    const enqueued = await queue.enqueue(dueDeliveryWith({ deliveryId: id }))
    return enqueued && (await expectation.waitFor(2_000)) !== null
  }
  await waitUntil('a delivery settles', isSettled)
  const slot = Number(
    (await sendRedisCommand(cluster.nodes[0]?.port ?? 0, `CLUSTER KEYSLOT {${prefix}}`)).slice(1),
  )
  const keyCounts = await Promise.all(cluster.nodes.map(({ port }) => keysOn(port, `{${prefix}}*`)))
  const from = keyCounts.findIndex((count) => count > 0)
  const [source, target] = [cluster.nodes[from], cluster.nodes[(from + 1) % cluster.nodes.length]]
  await moveSlot(slot, source?.port ?? 0, target?.port ?? 0)
  await waitUntil('a delivery settles on the other node', isSettled)
  expect(await keysOn(target?.port ?? 0, `{${prefix}}*`)).toBeGreaterThan(0)
  expect(await keysOn(source?.port ?? 0, `{${prefix}}*`)).toBe(0)
  expect(await queue.check()).toBe('ok')
})

function settledOf(deliveryId: string) {
  const times = { deliveredAt: null, nextAttemptAt: null }
  return { deliveryId, state: 'delivered', attempts: 1, error: null, ...times } as const
}

describe('receivers’ budgets', () => {
  const limits = { intervalMs: 0, concurrency: 5, breakerFailures: 5 }
  const open = (): BudgetStore => {
    const options = { url: cluster.url, prefix, shards, slotTimeoutMs: 30_000, redisTimeoutMs: 30_000 }
    const store = redisBudgets({ ...options, onError: () => {} })
    cleanUp.push(store.close)
    return store
  }

  test('are shared by all workers', async () => {
    const [one, other] = [open(), open()]
    const ask = (store: BudgetStore, slotId: string) => store.admit({ key: 'host:busy', slotId, limits })
    const admissions = await Promise.all(
      Array.from({ length: 40 }, (_, index) => ask(index % 2 === 0 ? one : other, `p${index}`)),
    )
    expect(admissions.filter(({ kind }) => kind === 'admitted')).toHaveLength(5)
    await one.report(
      { key: 'host:busy', slotId: 'nobody', limits },
      { kind: 'throttled', retryAfterMs: 60_000 },
    )
    expect((await other.read('host:busy', limits)).blockedUntil).toBeInstanceOf(Date)
  })

  test('are distributed over all nodes, with two keys each: state and slots', async () => {
    const store = open()
    const keys = Array.from({ length: 60 }, (_, index) => `host:r${index}.example.com`)
    const admitted = await Promise.all(keys.map((key) => store.admit({ key, slotId: 'p', limits })))
    expect(admitted.every(({ kind }) => kind === 'admitted')).toBe(true)
    const counts = await Promise.all(
      cluster.nodes.map(({ port }) => keysOn(port, `*${prefix}*:budget:host:*`)),
    )
    expect(counts.every((count) => count > 0)).toBe(true)
    expect(counts.reduce((sum, count) => sum + count)).toBe(2 * keys.length)
  })
})

test('all processes count calls together', async () => {
  const limit = { few: { max: 3, windowSeconds: 60 } }
  const open = () => {
    const calls = openCallLimits({ url: cluster.url, prefix, shards, limits: limit, log })
    cleanUp.push(calls.close)
    return calls
  }
  const [one, other] = [open(), open()]
  await waitUntil('both count together', async () => {
    const caller = randomUUID()
    for (let call = 0; call < 3; call += 1) await one.take('few', caller)
    return (await other.take('few', caller)) !== null
  })
})

test('a process receives the live events of another one, and can read missed events later', async () => {
  const open = () => {
    const store = redisEvents({ url: cluster.url, prefix })
    cleanUp.push(store.close)
    return store
  }
  const [publisher, listener] = [open(), open()]
  const batch = (operation: string): LiveBatch => ({
    4: { counts: {}, deliveries: [], more: 0, operations: [operation] },
  })
  const received: { id: string; operation: string | undefined }[] = []
  listener.listen((one) => {
    if (one.kind === 'batch') received.push({ id: one.id, operation: one.batch[4]?.operations[0] })
  })
  await waitUntil('the first event is received', async () => {
    await publisher.publish(batch('first')).catch(() => {})
    return received.length > 0
  })
  await publisher.publish(batch('last'))
  await waitUntil('the last event is received', () => received.some(({ operation }) => operation === 'last'))
  const missed = await publisher.since(received[0]?.id ?? '')
  expect(missed?.at(-1)?.batch).toEqual(batch('last'))
})
