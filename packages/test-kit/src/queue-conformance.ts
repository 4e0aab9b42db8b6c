import { fork } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { DeliveryJob, Settlement } from '@ghostpost/delivery/deliver'
import {
  openQueue,
  type ConsumeResult,
  type ConsumeOptions,
  type Consumer,
  type DeliveryQueue,
} from '@ghostpost/infrastructure/queue'
import { openLogger, type Logger } from '@ghostpost/infrastructure/telemetry'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dueDeliveryWith } from './due-delivery.ts'
import { waitUntil } from './wait-until.ts'

export interface QueueHarness {
  /** Address of the store. */
  url: string
  /** Number of queues per lane; deliveries of many sites use them all. */
  shards: number
  /** Number of connections to the store, those of other clients included. */
  countConnections: () => Promise<number>
  /**
   * A program that takes one live delivery from the queue of QUEUE_URL, QUEUE_PREFIX and SHARDS with a lock of LOCK_MS,
   * sends its id to the process that forked it, and never finishes the job.
   */
  stuckConsumer: string
}

/** The behaviour that every queue backend must have. Each test has its own prefix. */
export function describeDeliveryQueue(store: string, openHarness: () => QueueHarness): void {
  describe(`the queue on ${store}`, () => {
    let harness: QueueHarness
    let prefix: string
    let queues: DeliveryQueue[]
    let consumers: Consumer[]

    beforeEach(() => {
      harness = openHarness()
      prefix = `suite-${randomBytes(5).toString('hex')}`
      queues = []
      consumers = []
    })

    afterEach(async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop(5_000)))
      await Promise.all(queues.map((queue) => queue.close()))
    })

    async function open(ownPrefix = prefix, log = openLogger('test', 'silent')): Promise<DeliveryQueue> {
      const { url, shards } = harness
      const queue = await openQueue({ url, shards, prefix: ownPrefix, log })
      queues.push(queue)
      return queue
    }

    function consume(
      queue: DeliveryQueue,
      handle: (deliveryId: string) => Promise<ConsumeResult>,
      changes: Partial<ConsumeOptions> = {},
    ): Consumer {
      const consumer = queue.consume({
        lane: 'live',
        concurrency: 10,
        inFlight: 400,
        lockMs: 5_000,
        handle: ({ deliveryId }) => handle(deliveryId),
        ...changes,
      })
      consumers.push(consumer)
      return consumer
    }

    /** Repeats a call that timed out on a slow machine; the queue keeps one job for it. */
    const enqueue = (
      queue: DeliveryQueue,
      deliveryId: string,
      delayMs = 0,
      attemptsMade = 0,
    ): Promise<boolean> => {
      const due = dueDeliveryWith({ deliveryId, siteId: siteOf(deliveryId), attemptsMade })
      return waitUntil('the job is enqueued', () => queue.enqueue(due, { delayMs }))
    }

    test('runs every job once', async () => {
      const queue = await open()
      const received: string[] = []
      const ids = Array.from({ length: 50 }, () => randomUUID())
      await Promise.all(ids.map((id) => enqueue(queue, id)))
      consume(queue, async (id) => (received.push(id), done(id)))
      await waitUntil('all jobs have run', () => received.length >= ids.length)
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      expect(received.toSorted()).toEqual(ids.toSorted())
    })

    test('gives each run of a job the trace in which it was enqueued', async () => {
      const queue = await open()
      const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
      const received: (string | undefined)[] = []
      const handle = async (job: DeliveryJob): Promise<ConsumeResult> => {
        received.push(job.trace)
        return received.length === 1 ? { kind: 'again', waitMs: 1, because: 'not_due' } : done(job.deliveryId)
      }
      consume(queue, async () => ({ kind: 'done', settlement: null }), { handle })
      await queue.enqueue(dueDeliveryWith({ deliveryId: randomUUID() }), { trace })
      await waitUntil('the job has run again', () => received.length === 2)
      await queue.enqueue(dueDeliveryWith({ deliveryId: randomUUID() }))
      await waitUntil('the other job has run', () => received.length === 3)
      expect(received).toEqual([trace, trace, undefined])
    })

    test('a paused consumer takes no new job until it is resumed', async () => {
      const queue = await open()
      const received: string[] = []
      const consumer = consume(queue, async (id) => (received.push(id), done(id)))
      const [first, second] = [randomUUID(), randomUUID()]
      await enqueue(queue, first)
      await waitUntil('the first job has run', () => received.length === 1)
      await consumer.pause()
      await enqueue(queue, second)
      const waits = async (): Promise<boolean> => {
        const { live } = await queue.depth()
        return live.waiting + live.delayed === 1 && live.active === 0
      }
      await waitUntil('the second job waits', waits)
      expect(received).toEqual([first])
      consumer.resume()
      await waitUntil('the second job has run', () => received.length === 2)
    })

    test('keeps one job when the same due attempt is enqueued several times', async () => {
      const queue = await open()
      const id = randomUUID()
      await Promise.all([enqueue(queue, id), enqueue(queue, id), enqueue(queue, id)])
      expect(await queue.depth()).toMatchObject({ live: { waiting: 1 } })
      expect(await enqueue(queue, id)).toBe(true)
      const received: string[] = []
      consume(queue, async (receivedId) => (received.push(receivedId), done(receivedId)))
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      expect(received).toEqual([id])
    })

    test('has a job while it waits, is delayed or runs, and not once it is done', async () => {
      const queue = await open()
      const [due, later, unknown] = [randomUUID(), randomUUID(), randomUUID()]
      const has = (deliveryId: string, attemptsMade = 0): Promise<boolean> =>
        queue.locate({ deliveryId, attemptsMade }).then(({ kind }) => kind !== 'lost')
      await enqueue(queue, due)
      await enqueue(queue, later, 60_000, 1)
      expect([await has(due), await has(later, 1)]).toEqual([true, true])
      expect([await has(unknown), await has(due, 1), await has(later)]).toEqual([false, false, false])
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      let isRunning = false
      consume(queue, async (id) => {
        isRunning = true
        await released
        return done(id)
      })
      await waitUntil('the job runs', () => isRunning)
      expect(await has(due)).toBe(true)
      release()
      await waitUntil('the job is done', async () => !(await has(due)))
      expect(await has(later, 1)).toBe(true)
    })

    test('adds no second job while the job of a delivery runs', async () => {
      const queue = await open()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const received: string[] = []
      consume(queue, async (id) => {
        received.push(id)
        await released
        return done(id)
      })
      const id = randomUUID()
      await enqueue(queue, id)
      await waitUntil('the job runs', () => received.length === 1)
      expect(await enqueue(queue, id)).toBe(true)
      expect(await queue.depth()).toMatchObject({ live: { waiting: 0, active: 1, delayed: 0 } })
      release()
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      expect(received).toEqual([id])
    })

    test('puts live deliveries and retries into separate lanes', async () => {
      const queue = await open()
      await enqueue(queue, randomUUID())
      await enqueue(queue, randomUUID(), 0, 1)
      await enqueue(queue, randomUUID(), 60_000, 1)
      expect(await queue.depth()).toMatchObject({
        live: { waiting: 1, delayed: 0 },
        retry: { waiting: 1, delayed: 1 },
      })
      const received: string[] = []
      consume(queue, async (id) => (received.push(id), done(id)), { lane: 'live' })
      await waitUntil(
        'the live lane is empty',
        async () => (await queue.depth()).live.waiting === 0 && received.length === 1,
      )
      expect((await queue.depth()).retry.waiting).toBe(1)
    })

    test('runs a delayed job when it is due', async () => {
      const queue = await open()
      const enqueuedAt = Date.now()
      const { promise, resolve } = Promise.withResolvers<number>()
      consume(queue, async (id) => (resolve(Date.now()), done(id)))
      await enqueue(queue, randomUUID(), 400)
      expect((await promise) - enqueuedAt).toBeGreaterThanOrEqual(395)
    })

    test('runs a job again after the wait that its handler requests', async () => {
      const queue = await open()
      const handled: number[] = []
      consume(queue, async (id): Promise<ConsumeResult> => {
        handled.push(Date.now())
        return handled.length < 4 ? { kind: 'again', waitMs: 60, because: 'not_due' } : done(id)
      })
      await enqueue(queue, randomUUID())
      await waitUntil('the job is done', async () => handled.length === 4 && isEmpty(await queue.depth()))
      expect((handled[3] ?? 0) - (handled[0] ?? 0)).toBeGreaterThanOrEqual(175)
    })

    test('runs a job again after a delay when its handler throws', async () => {
      const errors: unknown[] = []
      const queue = await open(
        prefix,
        logger((error) => errors.push(error)),
      )
      let runs = 0
      consume(queue, async (id) => {
        runs += 1
        if (runs === 1) throw new Error('a fault of ours')
        return done(id)
      })
      const id = randomUUID()
      await enqueue(queue, id)
      await waitUntil(
        'the job waits for its second run',
        async () => (await queue.depth()).live.delayed === 1,
      )
      await waitUntil('the job is done', async () => runs === 2 && isEmpty(await queue.depth()))
      expect(errors).toMatchObject([{ delivery_id: id, faults: 1, err: { message: 'a fault of ours' } }])
    })

    test('runs at most `concurrency` jobs at the same time', async () => {
      const queue = await open()
      let running = 0
      let maxRunning = 0
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      consume(
        queue,
        async (id) => {
          running += 1
          maxRunning = Math.max(maxRunning, running)
          await released
          running -= 1
          return done(id)
        },
        { concurrency: 3 },
      )
      await Promise.all(Array.from({ length: 9 }, () => enqueue(queue, randomUUID())))
      await waitUntil('three jobs run', () => running === 3)
      release()
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      expect(maxRunning).toBe(3)
    })

    test('a stopping consumer finishes its running jobs and takes no other', async () => {
      const queue = await open()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const started: string[] = []
      const finished: string[] = []
      const consumer = consume(
        queue,
        async (id) => {
          started.push(id)
          await released
          finished.push(id)
          return done(id)
        },
        { concurrency: 1 },
      )
      await enqueue(queue, randomUUID())
      await enqueue(queue, randomUUID())
      await waitUntil('one job runs', () => started.length === 1)
      const stopped = consumer.stop(5_000)
      release()
      await stopped
      expect(started).toHaveLength(1)
      expect(finished).toEqual(started)
      const { live } = await queue.depth()
      expect(live.waiting + live.delayed).toBe(1)
    })

    test('a job that runs longer than the stop timeout is taken over by another consumer', async () => {
      const queue = await open()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const started: string[] = []
      const stuck = consume(
        queue,
        async (id) => {
          started.push(id)
          await released
          return done(id)
        },
        { lockMs: 500 },
      )
      const id = randomUUID()
      await enqueue(queue, id)
      await waitUntil('the job runs', () => started.length === 1)
      await stuck.stop(50)
      const takenOver: string[] = []
      consume(queue, async (id) => (takenOver.push(id), done(id)), { lockMs: 500 })
      await waitUntil('the other consumer has taken it over', () => takenOver.length === 1)
      release()
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      expect(takenOver).toEqual([id])
    })

    /** Starts a process that takes a job and never finishes it, and kills the process. Returns the job's id. */
    async function killWithJob(queue: DeliveryQueue, changes: Record<string, string>): Promise<string> {
      const id = randomUUID()
      const queueOf = { QUEUE_URL: harness.url, QUEUE_PREFIX: prefix, SHARDS: String(harness.shards) }
      const stuck = fork(harness.stuckConsumer, {
        env: { ...process.env, ...queueOf, ...changes },
        execArgv: [],
      })
      try {
        await enqueue(queue, id)
        expect(await once(stuck, 'message')).toContain(id)
      } finally {
        stuck.kill('SIGKILL')
      }
      return id
    }

    test('gives the job of a killed worker to another consumer', async () => {
      const queue = await open()
      const lockMs = 500
      const id = await killWithJob(queue, { LOCK_MS: String(lockMs) })
      const received: string[] = []
      consume(queue, async (receivedId) => (received.push(receivedId), done(receivedId)), { lockMs })
      await waitUntil('the job is done', async () => received.length > 0 && isEmpty(await queue.depth()))
      expect(received).toEqual([id])
    })

    test('releases the jobs of a worker that is known to be dead long before their locks expire', async () => {
      const queue = await open()
      const workerId = randomUUID()
      const id = await killWithJob(queue, { LOCK_MS: '600000', WORKER_ID: workerId })
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const received: string[] = []
      const consumer = consume(queue, async (receivedId) => {
        received.push(receivedId)
        await released
        return done(receivedId)
      })
      const own = randomUUID()
      await enqueue(queue, own)
      await waitUntil('the consumer works on its own job', () => received.length === 1)
      expect(await consumer.releaseJobsOf(randomUUID())).toBe(0)
      expect(await consumer.releaseJobsOf(workerId)).toBe(1)
      await waitUntil('it has the job of the other', () => received.length === 2)
      release()
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      expect(received).toEqual([own, id])
    })

    test('separates two installations on one store', async () => {
      const here = await open()
      const there = await open(`${prefix}-other`)
      await enqueue(there, randomUUID())
      expect(isEmpty(await here.depth())).toBe(true)
      expect(await there.depth()).toMatchObject({ live: { waiting: 1 } })
    })

    test('runs an overdue delivery at once although its job is delayed', async () => {
      const queue = await open()
      const id = randomUUID()
      await enqueue(queue, id, 3_600_000)
      const due = dueDeliveryWith({ deliveryId: id, siteId: siteOf(id) })
      await queue.enqueue(due)
      expect(await queue.depth()).toMatchObject({ live: { waiting: 0, delayed: 1 } })
      await queue.enqueue(due, { overdue: true })
      const received: string[] = []
      consume(queue, async (receivedId) => (received.push(receivedId), done(receivedId)))
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      expect(received).toEqual([id])
    })

    test('reports that the store works', async () => {
      expect(await (await open()).check()).toBe('ok')
    })

    describe('a settlement', () => {
      test('that no job announces reaches the waiting caller', async () => {
        const [api, worker] = [await open(), await open()]
        const listener = api.listenForSettlements()
        await listener.ready()
        const id = randomUUID()
        const waiting = listener.expect(id).waitFor(5_000)
        worker.announce(4, settlementOf(id))
        expect(await waiting).toEqual(settlementOf(id))
        await listener.close()
      })

      test('reaches every caller that waits for it in another process', async () => {
        const [worker, api] = await Promise.all([open(), open()])
        const listener = api.listenForSettlements()
        await listener.ready()
        consume(worker, async (id) => done(id))
        const id = randomUUID()
        const expectations = [listener.expect(id), listener.expect(id)]
        await enqueue(api, id)
        const received = await Promise.all(expectations.map((expectation) => expectation.waitFor(15_000)))
        expect(received).toEqual([settlementOf(id), settlementOf(id)])
        await listener.close()
      })

      test('reaches its caller for each of many deliveries at the same time', async () => {
        const [worker, api] = await Promise.all([open(), open()])
        const listener = api.listenForSettlements()
        await listener.ready()
        consume(worker, async (id) => done(id), { concurrency: 20 })
        const ids = Array.from({ length: 300 }, () => randomUUID())
        const expectations = ids.map((id) => listener.expect(id))
        await Promise.all(ids.map((id) => enqueue(api, id)))
        const received = await Promise.all(expectations.map((expectation) => expectation.waitFor(15_000)))
        expect(received).toEqual(ids.map(settlementOf))
        await listener.close()
      })

      test('is not published when the job has none', async () => {
        const queue = await open()
        const listener = queue.listenForSettlements()
        await listener.ready()
        consume(queue, async (id) => (id === silent ? { kind: 'done', settlement: null } : done(id)))
        const [silent, later] = [randomUUID(), randomUUID()]
        const expectation = listener.expect(silent)
        await enqueue(queue, silent)
        await waitUntil('the job is done', async () => isEmpty(await queue.depth()))
        const marker = listener.expect(later)
        await enqueue(queue, later)
        await marker.waitFor(15_000)
        expect(await expectation.waitFor(0)).toBeNull()
        await listener.close()
      })

      test('that arrives before its caller waits is not missed', async () => {
        const queue = await open()
        const listener = queue.listenForSettlements()
        await listener.ready()
        consume(queue, async (id) => done(id))
        const [early, later] = [randomUUID(), randomUUID()]
        const expectation = listener.expect(early)
        await enqueue(queue, early)
        const marker = listener.expect(later)
        await waitUntil('the first job is done', async () => isEmpty(await queue.depth()))
        await enqueue(queue, later)
        await marker.waitFor(15_000)
        expect(await expectation.waitFor(0)).toEqual(settlementOf(early))
        await listener.close()
      })

      test('that does not arrive in time is null', async () => {
        const listener = (await open()).listenForSettlements()
        expect(await listener.expect(randomUUID()).waitFor(20)).toBeNull()
        await listener.close()
      })

      test('is null for waiting callers when the listener closes', async () => {
        const listener = (await open()).listenForSettlements()
        const waiting = listener.expect(randomUUID()).waitFor(60_000)
        await listener.close()
        expect(await waiting).toBeNull()
        expect(await listener.expect(randomUUID()).waitFor(60_000)).toBeNull()
      })
    })

    test('leaves no connection open', async () => {
      const before = await harness.countConnections()
      const queue = await open()
      const listener = queue.listenForSettlements()
      await listener.ready()
      const consumer = consume(queue, async (id) => done(id))
      await enqueue(queue, randomUUID())
      await waitUntil('the queue is empty', async () => isEmpty(await queue.depth()))
      await consumer.stop(5_000)
      await listener.close()
      await queue.close()
      queues.length = 0
      await waitUntil('the connections are closed', async () => (await harness.countConnections()) <= before)
    })
  })
}

/** Nearly every delivery has its own site. */
function siteOf(deliveryId: string): number {
  return Number.parseInt(deliveryId.slice(0, 6), 16)
}

function settlementOf(deliveryId: string): Settlement {
  return {
    deliveryId,
    state: 'delivered',
    attempts: 1,
    deliveredAt: '2026-03-10T17:18:00.000Z',
    nextAttemptAt: null,
    error: null,
  }
}

function done(deliveryId: string): ConsumeResult {
  return { kind: 'done', settlement: settlementOf(deliveryId) }
}

/** A logger that passes errors to `take` and drops everything else. */
function logger(onError: (error: unknown) => void): Logger {
  const log = openLogger('test', 'silent')
  log.error = onError
  return log
}

function isEmpty(depth: Awaited<ReturnType<DeliveryQueue['depth']>>): boolean {
  return Object.values(depth).every(({ waiting, active, delayed }) => waiting + active + delayed === 0)
}
