import { randomBytes, randomUUID } from 'node:crypto'
import { lanes, type DueDelivery, type Lane } from '@ghostpost/delivery/deliver'
import {
  openQueue,
  type Consumer,
  type ConsumeResult,
  type DeliveryQueue,
} from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { testStoreUrl } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** More than a site may enqueue at once without a lower priority: some wait in the list, some in the sorted set. */
const waitingCount = 130
const delayedCount = 10
const lockMs = 1_000

let prefix: string
let redis: Redis
let queue: DeliveryQueue
let consumers: Consumer[]
let handled: string[]

beforeEach(async () => {
  prefix = `lost-${randomBytes(5).toString('hex')}`
  const url = testStoreUrl('GHOSTPOST_TEST_REDIS_URL')
  redis = new Redis(url)
  queue = await openQueue({ url, prefix, log: openLogger('test', 'silent') })
  consumers = []
  handled = []
})

afterEach(async () => {
  await Promise.all(consumers.map((one) => one.stop(5_000)))
  await queue.close()
  redis.disconnect()
})

const keyOf = (lane: Lane, name: string): string => `{${prefix}}:lane-${lane}:${name}`

function dueIn(lane: Lane): DueDelivery {
  const facts = {
    live: {},
    retry: { attemptsMade: 1 },
    bulk: { operationId: randomUUID() },
  }
  return dueDeliveryWith({ deliveryId: randomUUID(), ...facts[lane] })
}

/** Deliveries that wait in a lane, some with a lower priority and some with a wrong, later time. All are overdue. */
async function enqueueOverdue(lane: Lane): Promise<DueDelivery[]> {
  const waiting = Array.from({ length: waitingCount }, () => dueIn(lane))
  const delayed = Array.from({ length: delayedCount }, () => dueIn(lane))
  await Promise.all(waiting.map((due) => queue.enqueue(due)))
  await Promise.all(delayed.map((due) => queue.enqueue(due, { delayMs: 3_600_000 })))
  return [...waiting, ...delayed]
}

function consume(lane: Lane, handle = async (): Promise<ConsumeResult> => done): void {
  consumers.push(
    queue.consume({
      lane,
      concurrency: 50,
      inFlight: 400,
      lockMs,
      handle: ({ deliveryId }) => {
        handled.push(deliveryId)
        return handle()
      },
    }),
  )
}

const done: ConsumeResult = { kind: 'done', settlement: null }
const idsOf = (all: readonly DueDelivery[]): string[] => all.map(({ deliveryId }) => deliveryId).toSorted()

async function expectAllHandledOnce(all: readonly DueDelivery[]): Promise<void> {
  await waitUntil('all deliveries are handled', () => new Set(handled).size === all.length)
  await waitUntil('the queue is empty', async () => {
    const depths = Object.values(await queue.depth())
    return depths.every(({ waiting, active, delayed }) => waiting + active + delayed === 0)
  })
  expect(handled.toSorted()).toEqual(idsOf(all))
}

async function deleteJobs(lane: Lane, all: readonly DueDelivery[]): Promise<void> {
  await redis.del(all.map(({ deliveryId, attemptsMade }) => keyOf(lane, `${deliveryId}-${attemptsMade}`)))
}

/** Repairs as the sweeper does: what a busy store did not take in time comes again. Returns the first results. */
async function repairAll(all: readonly DueDelivery[]): Promise<readonly string[]> {
  const first = await queue.repair(all)
  const rest = async (): Promise<boolean> => !(await queue.repair(all)).includes('failed')
  if (first.includes('failed')) await waitUntil('all deliveries are repaired', rest)
  return first
}

describe.each(lanes)('in the %s lane, deliveries are repaired and handled once', (lane) => {
  test.each([
    ['wait'],
    ['prioritized'],
    ['delayed'],
    ['marker'],
    ['meta'],
    ['events'],
    ['pc'],
    ['id'],
    ['wait', 'prioritized', 'delayed', 'marker'],
    ['wait', 'meta', 'events'],
  ])('when Redis lost %s %s %s %s', async (...names) => {
    const all = await enqueueOverdue(lane)
    await redis.del(names.map((name) => keyOf(lane, name)))
    await repairAll(all)
    consume(lane)
    await expectAllHandledOnce(all)
  })

  test('when Redis lost the hashes of the jobs', async () => {
    const all = await enqueueOverdue(lane)
    await deleteJobs(lane, all)
    const results = await repairAll(all)
    expect([results.includes('enqueued'), results.includes('queued')]).toEqual([true, false])
    consume(lane)
    await expectAllHandledOnce(all)
  })

  test('when Redis lost half of the hashes and the list', async () => {
    const all = await enqueueOverdue(lane)
    await deleteJobs(
      lane,
      all.filter((_, index) => index % 2 === 0),
    )
    await redis.del(keyOf(lane, 'wait'))
    await repairAll(all)
    consume(lane)
    await expectAllHandledOnce(all)
  })

  test('when Redis lost the list of jobs that a dead worker had taken', async () => {
    const due = dueIn(lane)
    await queue.enqueue(due)
    const id = `${due.deliveryId}-${due.attemptsMade}`
    await redis.rpoplpush(keyOf(lane, 'wait'), keyOf(lane, 'active'))
    await redis.set(keyOf(lane, `${id}:lock`), 'dead', 'PX', 300)
    await redis.del(keyOf(lane, 'active'))
    expect(await queue.repair([due])).toEqual(['queued'])
    await waitUntil('the lock has expired', async () => (await queue.repair([due]))[0] === 'enqueued')
    consume(lane)
    await expectAllHandledOnce([due])
  })
})

test('a job whose hash is lost does not stay in the queue, and its delivery can be enqueued again', async () => {
  const due = dueIn('live')
  await queue.enqueue(due)
  await deleteJobs('live', [due])
  consume('live')
  await waitUntil('the job is gone', async () => (await redis.exists(keyOf('live', 'active'))) === 0)
  expect(handled).toEqual([])
  expect(await queue.repair([due])).toEqual(['enqueued'])
  await expectAllHandledOnce([due])
})

test('repair leaves jobs alone that wait, run or are parked', async () => {
  const all = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const due = dueIn('live')
      await queue.enqueue(due)
      return due
    }),
  )
  expect(await queue.repair(all)).toEqual(all.map(() => 'queued'))
  const parked: ConsumeResult = { kind: 'again', waitMs: 60_000, because: 'rate_limited' }
  consume('live', async () => parked)
  await waitUntil('all are parked', async () => (await queue.depth()).live.delayed === all.length)
  expect(await queue.repair(all)).toEqual(all.map(() => 'queued'))
  expect(handled).toHaveLength(all.length)
  for (const due of all)
    expect(await queue.locate(due)).toEqual({
      kind: 'parked',
      because: 'rate_limited',
      until: expect.any(Date),
    })
})

test('repair adds no second job, however often it looks', async () => {
  const all = await enqueueOverdue('live')
  await redis.del(keyOf('live', 'wait'))
  for (let sweep = 0; sweep < 5; sweep += 1) await queue.repair(all)
  expect((await queue.depth()).live).toMatchObject({ waiting: all.length, delayed: 0 })
  consume('live')
  await expectAllHandledOnce(all)
})

test('a repair in a long queue finds a waiting job wherever it is', async () => {
  const all = Array.from({ length: 12_000 }, () => dueIn('live'))
  const ids = all.map(({ deliveryId }) => `${deliveryId}-0`)
  await redis.lpush(keyOf('live', 'wait'), ...ids)
  const pipeline = redis.pipeline()
  for (const id of ids)
    pipeline.hset(keyOf('live', id), { name: 'attempt', data: '{"budget":"4:host:x"}', opts: '{}' })
  await pipeline.exec()
  const samples = [all[0], all[5_999], all[11_999]].flatMap((due) => due ?? [])
  expect(await queue.repair([...samples, dueIn('live')])).toEqual(['queued', 'queued', 'queued', 'enqueued'])
  await redis.del(ids.map((id) => keyOf('live', id)))
})

test('locate says that the queue lost a job', async () => {
  const due = dueIn('live')
  await queue.enqueue(due)
  expect(await queue.locate(due)).toEqual({ kind: 'waiting' })
  await redis.del(keyOf('live', 'wait'))
  expect(await queue.locate(due)).toEqual({ kind: 'lost' })
})

test('hasLostData is true once after Redis was emptied', async () => {
  expect([await queue.hasLostData(), await queue.hasLostData()]).toEqual([true, false])
  await redis.del(`{${prefix}}:generation`)
  expect([await queue.hasLostData(), await queue.hasLostData()]).toEqual([true, false])
})

test('repair says that it failed when Redis refuses', async () => {
  const all = [dueIn('live')]
  await redis.set(keyOf('live', 'wait'), 'no list')
  expect(await queue.repair(all)).toEqual(['failed'])
})
