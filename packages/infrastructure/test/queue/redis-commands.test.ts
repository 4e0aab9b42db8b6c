import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DueDelivery } from '@ghostpost/delivery/deliver'
import type { BudgetLimits } from '@ghostpost/delivery/receivers'
import { redisBudgets } from '@ghostpost/infrastructure/budgets'
import { openQueue, type ConsumeOptions } from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { findRedis, startRedis, type LocalService } from '@ghostpost/local-services'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

/** Jobs that a worker takes at once. */
const jobsPerWorker = 450

/** Redis of its own, so that its counters count this test alone. */
let folder: string
let service: LocalService
let redis: Redis
let closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-redis-'))
  const unpackDir = join(import.meta.dirname, '../../../../.data/redis-binaries')
  const binaries = await findRedis({ unpackDir })
  if (!binaries) throw new Error('These tests need redis-server or valkey-server on the PATH.')
  service = await startRedis({ dataDir: folder, binaries, appendOnly: false })
  redis = new Redis(service.url)
})

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await redis.flushall()
})

afterAll(async () => {
  redis.disconnect()
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Load {
  deliveries: number
  receivers: number
  workers: number
  concurrency: number
  /** How long a receiver takes to respond. */
  responseMs: number
}

interface Drained {
  commands: number
  inFlightMax: number
  handled: string[]
}

/** Drains queued deliveries by several consumers. Each has its own connections and budgets, as a worker process has. */
async function drain({ deliveries, receivers, workers, concurrency, responseMs }: Load): Promise<Drained> {
  const log = openLogger('test', 'silent')
  const queueOf = { url: service.url, prefix: 'commands', log }
  const dues = Array.from({ length: deliveries }, (_, index) =>
    dueDeliveryWith({ deliveryId: randomUUID(), receiverHost: `${index % receivers}.example.com` }),
  )
  await addJobs(dues)
  const drained = { commands: 0, inFlightMax: 0, handled: [] as string[] }
  const inFlight = new Map<string, number>()
  const limits: BudgetLimits = { intervalMs: 0, concurrency, breakerFailures: 5 }
  const before = await countCommands()
  for (let worker = 0; worker < workers; worker += 1) {
    const budgets = redisBudgets({
      ...queueOf,
      slotTimeoutMs: 60_000,
      redisTimeoutMs: 30_000,
      onError: () => {},
    })
    const handle: ConsumeOptions['handle'] = async ({ deliveryId, budget }, whileIdle, onAdmitted) => {
      const request = { key: budget, slotId: deliveryId, limits }
      const admission = await budgets.admit(request)
      if (admission.kind === 'wait') return { ...admission, kind: 'again' }
      onAdmitted()
      inFlight.set(budget, (inFlight.get(budget) ?? 0) + 1)
      drained.inFlightMax = Math.max(drained.inFlightMax, inFlight.get(budget) ?? 0)
      await whileIdle(() => pause(responseMs))
      inFlight.set(budget, (inFlight.get(budget) ?? 0) - 1)
      drained.handled.push(deliveryId)
      void budgets.report(request, { kind: 'answered', durationMs: responseMs })
      return { kind: 'done', settlement: null }
    }
    const queue = await openQueue(queueOf)
    const consumer = queue.consume({
      lane: 'live',
      concurrency: 50,
      inFlight: jobsPerWorker - 50,
      lockMs: 30_000,
      handle,
    })
    closing.push(queue.close, budgets.close, () => consumer.stop(5_000))
  }
  await waitUntil('all are handled', () => drained.handled.length >= deliveries, 30_000)
  drained.commands = ((await countCommands()) - before) / deliveries
  return drained
}

/** Without the lower priority of a site that enqueues much: BullMQ needs another command for that. */
async function addJobs(dues: readonly DueDelivery[]): Promise<void> {
  const lane = new Queue('lane-live', { prefix: '{commands}', connection: { url: service.url } })
  await lane.addBulk(
    dues.map(({ deliveryId, budget }) => ({
      name: 'attempt',
      data: { budget },
      opts: { jobId: `${deliveryId}-0` },
    })),
  )
  await lane.close()
}

/** Commands that Redis has executed, those of scripts included. */
async function countCommands(): Promise<number> {
  const info = await redis.info('commandstats')
  const calls = [...info.matchAll(/^cmdstat_[^:]+:calls=(\d+)/gm)]
  return calls.reduce((sum, [, count]) => sum + Number(count), 0)
}

/**
 * A job costs 25 commands: it is taken in the script that ends another one, and the budget is asked for many at once.
 * The first jobs of each worker are taken one by one, for nine more. Every further command is a job that goes back and
 * is taken again: about 27 commands each time.
 */
const commandsMaxOf = (workers: number, deliveries: number): number =>
  25 + 9 * Math.min((workers * jobsPerWorker) / deliveries, 1)

describe.each([1, 2, 4, 8])('with %i workers, Redis runs few commands for a delivery', (workers) => {
  test.each([
    { concurrency: 100, responseMs: 5, deliveries: 4_000, probes: 0 },
    { concurrency: 8, responseMs: 10, deliveries: 2_000, probes: 6 },
    { concurrency: 2, responseMs: 5, deliveries: 400, probes: 16 },
  ])('to a receiver that takes $concurrency at once', async ({ probes, ...load }) => {
    const drained = await drain({ ...load, receivers: 1, workers })
    expect(drained.inFlightMax).toBeLessThanOrEqual(load.concurrency)
    expect(new Set(drained.handled).size).toBe(load.deliveries)
    expect(drained.commands).toBeLessThanOrEqual(commandsMaxOf(workers, load.deliveries) + probes)
  })

  test('to each of a thousand receivers', async () => {
    const load = { deliveries: 4_000, receivers: 1_000, workers, concurrency: 100, responseMs: 5 }
    // Each of them has a budget of its own, which is asked and told once for a delivery.
    expect((await drain(load)).commands).toBeLessThanOrEqual(Math.min(commandsMaxOf(workers, 4_000) + 12, 43))
  })
})
