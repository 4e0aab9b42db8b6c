import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settlement } from '@ghostpost/delivery/deliver'
import { openQueue, type DeliveryQueue } from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { findRedis, freePort, startRedis, type LocalService } from '@ghostpost/local-services'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** Longer than a bounded operation takes on a slow machine; without a bound each takes 10 s or never ends. */
const promptMs = 5_000

describe('when Redis is down', () => {
  let folder: string
  let port: number
  let redis: LocalService | undefined
  let queue: DeliveryQueue
  let warnings: unknown[]
  let cleanUp: (() => Promise<void>)[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ghostpost-redis-'))
    port = await freePort()
    warnings = []
    cleanUp = []
  })

  afterEach(async () => {
    for (const step of cleanUp.toReversed()) await step()
    await redis?.stop()
    redis = undefined
    await rm(folder, { recursive: true, force: true })
  })

  async function start(): Promise<void> {
    const unpackDir = join(import.meta.dirname, '../../../../.data/redis-binaries')
    const binaries = await findRedis({ unpackDir })
    if (!binaries) throw new Error('These tests need redis-server or valkey-server on the PATH.')
    redis = await startRedis({ dataDir: folder, binaries, port, appendOnly: true })
  }

  async function kill(): Promise<void> {
    signal('SIGKILL')
    await redis?.stop()
    redis = undefined
  }

  function signal(name: NodeJS.Signals): void {
    for (const pid of redis?.pids ?? []) process.kill(pid, name)
  }

  async function open(): Promise<void> {
    const log = openLogger('test', 'silent')
    log.warn = (warning: unknown) => warnings.push(warning)
    queue = await openQueue({ url: `redis://127.0.0.1:${port}`, prefix: 'outage', log })
    cleanUp.push(queue.close)
  }

  const enqueue = (deliveryId: string, delayMs = 0): Promise<boolean> =>
    queue.enqueue(dueDeliveryWith({ deliveryId }), { delayMs })

  function consume(): string[] {
    const handled: string[] = []
    const consumer = queue.consume({
      lane: 'live',
      concurrency: 5,
      inFlight: 400,
      lockMs: 2_000,
      handle: async ({ deliveryId: id }) => (
        handled.push(id),
        { kind: 'done', settlement: settlementOf(id) }
      ),
    })
    cleanUp.push(() => consumer.stop(5_000))
    return handled
  }

  test('a queue opened without Redis refuses jobs at once, and works when Redis is up', async () => {
    await open()
    const handled = consume()
    const listener = queue.listenForSettlements()
    cleanUp.push(listener.close)
    expect(await timed(() => enqueue(randomUUID()))).toEqual([false, expect.any(Number)])
    expect(await queue.check()).toBe('down')
    await start()
    await listener.ready()
    const id = randomUUID()
    const expectation = listener.expect(id)
    await waitUntil('the job is enqueued', () => enqueue(id))
    expect(await expectation.waitFor(15_000)).toEqual(settlementOf(id))
    expect(handled).toEqual([id])
  })

  test('enqueue and check report a failure soon while Redis does not respond', async () => {
    await start()
    await open()
    signal('SIGSTOP')
    try {
      const [enqueued, tookMs] = await timed(() => enqueue(randomUUID()))
      expect(enqueued).toBe(false)
      expect(tookMs).toBeLessThan(promptMs)
      const [check, checkedMs] = await timed(() => queue.check())
      expect(check).toBe('down')
      expect(checkedMs).toBeLessThan(promptMs)
    } finally {
      signal('SIGCONT')
    }
    await waitUntil('a job is enqueued again', () => enqueue(randomUUID()))
  })

  test('producer, consumer and listener continue when Redis is back, with the jobs that it stored', async () => {
    await start()
    await open()
    const handled = consume()
    const listener = queue.listenForSettlements()
    cleanUp.push(listener.close)
    await listener.ready()
    const waiting = randomUUID()
    expect(await enqueue(waiting, 1_500)).toBe(true)
    await kill()
    await waitUntil('no job is enqueued', async () => !(await enqueue(randomUUID())))
    const [enqueued, tookMs] = await timed(() => enqueue(randomUUID()))
    expect(enqueued).toBe(false)
    expect(tookMs).toBeLessThan(promptMs)
    expect(await listener.expect(randomUUID()).waitFor(50)).toBeNull()

    const after = randomUUID()
    const expectations = [listener.expect(waiting), listener.expect(after)]
    await start()
    await waitUntil('a job is enqueued again', () => enqueue(after))
    const settlements = await Promise.all(expectations.map((expectation) => expectation.waitFor(15_000)))
    expect(settlements).toEqual([settlementOf(waiting), settlementOf(after)])
    expect(new Set(handled)).toEqual(new Set([waiting, after]))
  })

  test('warnings are throttled and contain neither address nor password', async () => {
    await start()
    await open()
    consume()
    const listener = queue.listenForSettlements()
    cleanUp.push(listener.close)
    await listener.ready()
    await kill()
    const fails = Array.from({ length: 50 }, () => enqueue(randomUUID()))
    await waitUntil('there is a warning', () => warnings.length > 0)
    expect(await Promise.all(fails)).not.toContain(true)
    // One for the connections, one for the jobs.
    expect(warnings.length).toBeLessThanOrEqual(2)
    expect(JSON.stringify(warnings)).not.toContain('redis://')
  })

  test('consumer and listener close while Redis is down', async () => {
    await start()
    await open()
    const consumer = queue.consume({
      lane: 'live',
      concurrency: 5,
      inFlight: 400,
      lockMs: 2_000,
      handle: neverCalled,
    })
    const listener = queue.listenForSettlements()
    await listener.ready()
    await kill()
    const [, tookMs] = await timed(() => Promise.all([consumer.stop(60_000), listener.close()]))
    expect(tookMs).toBeLessThan(2 * promptMs)
  })

  test('consumer and listener that never connected close', async () => {
    await open()
    const consumer = queue.consume({
      lane: 'live',
      concurrency: 5,
      inFlight: 400,
      lockMs: 2_000,
      handle: neverCalled,
    })
    const listener = queue.listenForSettlements()
    const [, tookMs] = await timed(() => Promise.all([consumer.stop(60_000), listener.close()]))
    expect(tookMs).toBeLessThan(2 * promptMs)
    await start()
    await queue.close()
    await expectNoClients()
  })

  test('no client stays connected after closing', async () => {
    await start()
    await open()
    const handled = consume()
    const listener = queue.listenForSettlements()
    await listener.ready()
    await enqueue(randomUUID())
    await waitUntil('the job is handled', () => handled.length === 1)
    await listener.close()
    for (const step of cleanUp.splice(0).toReversed()) await step()
    await expectNoClients()
  })

  async function expectNoClients(): Promise<void> {
    const client = new Redis(port, '127.0.0.1')
    try {
      const count = async (): Promise<number> =>
        String(await client.client('LIST'))
          .trim()
          .split('\n').length
      await waitUntil('only this client is left', async () => (await count()) === 1)
    } finally {
      client.disconnect()
    }
  }
})

async function timed<T>(work: () => Promise<T>): Promise<[result: T, tookMs: number]> {
  const startedAt = Date.now()
  return [await work(), Date.now() - startedAt]
}

async function neverCalled(): Promise<never> {
  throw new Error('nothing was enqueued')
}

function settlementOf(deliveryId: string): Settlement {
  return { deliveryId, state: 'delivered', attempts: 1, deliveredAt: null, nextAttemptAt: null, error: null }
}
