import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { redisBudgets } from '@ghostpost/infrastructure/budgets'
import { openCallLimits } from '@ghostpost/infrastructure/call-limits'
import { openQueue, type DeliveryQueue } from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import {
  sendRedisCommand,
  findRedis,
  startRedis,
  startSentinel,
  type LocalService,
  type RedisBinaries,
} from '@ghostpost/local-services'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
let binaries: RedisBinaries
let services: LocalService[]
let cleanUp: (() => Promise<unknown>)[]
const log = openLogger('test', 'silent')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-sentinel-'))
  const found = await findRedis({ unpackDir: join(import.meta.dirname, '../../../../.data/redis-binaries') })
  if (!found) throw new Error('These tests need redis-server or valkey-server on the PATH.')
  binaries = found
  services = []
  cleanUp = []
})

afterEach(async () => {
  for (const step of cleanUp.toReversed()) await step()
  for (const service of services.toReversed()) await service.stop()
  await rm(folder, { recursive: true, force: true })
})

function portOf({ url }: LocalService): number {
  return Number(new URL(url).port)
}

async function start(name: string, settings: Record<string, string> = {}): Promise<LocalService> {
  const service = await startRedis({ dataDir: join(folder, name), binaries, appendOnly: true, settings })
  services.push(service)
  return service
}

/** Starts a master with a replica, and a Sentinel that knows both. */
async function startPair(): Promise<{ master: LocalService; replica: LocalService; url: string }> {
  const master = await start('master')
  const replica = await start('replica', { replicaof: `127.0.0.1 ${portOf(master)}` })
  await waitUntil('the replica follows', async () =>
    (await sendRedisCommand(portOf(replica), 'INFO replication')).includes('master_link_status:up'),
  )
  const sentinel = await startSentinel({
    dataDir: join(folder, 'sentinel'),
    binaries,
    masterName: 'main',
    masterPort: portOf(master),
  })
  services.push(sentinel)
  const sentinelPort = Number(/:(\d+)\//.exec(sentinel.url)?.[1])
  await waitUntil('the Sentinel knows the replica', async () =>
    (await sendRedisCommand(sentinelPort, 'SENTINEL replicas main')).includes(String(portOf(replica))),
  )
  return { master, replica, url: sentinel.url }
}

async function kill(service: LocalService): Promise<void> {
  for (const pid of service.pids) process.kill(pid, 'SIGKILL')
  await service.stop()
}

function enqueue(queue: DeliveryQueue, deliveryId: string): Promise<boolean> {
  return queue.enqueue(dueDeliveryWith({ deliveryId }))
}

test('queue, budgets and call limits continue on the replica that replaces a killed master', async () => {
  const { master, replica, url } = await startPair()
  const queue = await openQueue({ url, prefix: 'sentinel', log })
  const listener = queue.listenForSettlements()
  const budgets = redisBudgets({
    url,
    prefix: 'sentinel',
    slotTimeoutMs: 1_000,
    redisTimeoutMs: 2_000,
    onError: () => {},
  })
  const calls = openCallLimits({
    url,
    prefix: 'sentinel',
    log,
    limits: { few: { max: 1, windowSeconds: 60 } },
  })
  const consumer = queue.consume({
    lane: 'live',
    concurrency: 5,
    inFlight: 400,
    lockMs: 2_000,
    handle: async ({ deliveryId }) => ({ kind: 'done', settlement: settlementOf(deliveryId) }),
  })
  cleanUp.push(
    queue.close,
    listener.close,
    budgets.close,
    async () => calls.close(),
    () => consumer.stop(5_000),
  )

  const isSettled = async (): Promise<boolean> => {
    const id = randomUUID()
    const expectation = listener.expect(id)
    return (await enqueue(queue, id)) && (await expectation.waitFor(2_000)) !== null
  }
  await listener.ready()
  expect(await isSettled()).toBe(true)
  const limits = { intervalMs: 0, concurrency: 7, breakerFailures: 5 }
  expect(await budgets.admit({ key: 'host:a', slotId: 'p', limits })).toEqual({ kind: 'admitted' })

  await kill(master)
  await waitUntil('the replica is master', async () =>
    (await sendRedisCommand(portOf(replica), 'INFO replication')).includes('role:master'),
  )
  await waitUntil('a delivery settles again', isSettled)
  expect(await queue.check()).toBe('ok')
  await waitUntil('the new master admits requests', () =>
    budgets.admit({ key: 'host:a', slotId: 'q', limits }).then(
      () => true,
      () => false,
    ),
  )
  expect((await budgets.read('host:a', limits)).inFlight).toBeGreaterThan(0)
  await waitUntil('the new master counts calls', async () => {
    await calls.take('few', 'caller')
    return (await sendRedisCommand(portOf(replica), 'EXISTS sentinel:calls:few:caller')).startsWith(':1')
  })
})

function settlementOf(deliveryId: string) {
  const times = { deliveredAt: null, nextAttemptAt: null }
  return { deliveryId, state: 'delivered', attempts: 1, error: null, ...times } as const
}
