import { fork } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { DueDelivery, Settlement } from '@ghostpost/delivery/deliver'
import {
  openQueue,
  type Consumed,
  type ConsumeOptions,
  type Consumer,
  type DeliveryQueue,
} from '@ghostpost/infrastructure/queue'
import { openLogger, type Logger } from '@ghostpost/infrastructure/telemetry'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { waitUntil } from './wait-until.ts'

export interface QueueHarness {
  /** Where the store is. */
  url: string
  /** Over how many queues each lane is spread; deliveries of many sites use them all. */
  shards: number
  /** Connections the store has now, ours and others'. */
  countConnections: () => Promise<number>
  /**
   * A program that takes one live delivery from the queue of QUEUE_URL, QUEUE_PREFIX and SHARDS with a lock of LOCK_MS,
   * sends its id to the process that forked it, and holds it for good.
   */
  holderProgram: string
}

/** What every queue must do, whatever store it stands on. Each test has a prefix of its own. */
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
      handle: (deliveryId: string) => Promise<Consumed>,
      changes: Partial<ConsumeOptions> = {},
    ): Consumer {
      const consumer = queue.consume({
        lane: 'live',
        concurrency: 10,
        lockMs: 5_000,
        handle: ({ deliveryId }) => handle(deliveryId),
        ...changes,
      })
      consumers.push(consumer)
      return consumer
    }

    const ring = (
      queue: DeliveryQueue,
      deliveryId: string,
      delayMs = 0,
      attemptsMade = 0,
    ): Promise<boolean> =>
      queue.enqueue({
        deliveryId,
        siteId: siteOf(deliveryId),
        attemptsMade,
        lane: attemptsMade === 0 ? 'live' : 'retry',
        delayMs,
        budget: 'host:example.com',
      })

    test('brings every delivery once', async () => {
      const queue = await open()
      const heard: string[] = []
      consume(queue, async (id) => (heard.push(id), done(id)))
      const ids = Array.from({ length: 50 }, () => randomUUID())
      const rung = await Promise.all(ids.map((id) => ring(queue, id)))
      expect(rung.every(Boolean)).toBe(true)
      await waitUntil('all are heard', () => heard.length >= ids.length)
      await waitUntil('nothing is left', async () => isEmpty(await queue.depth()))
      expect(heard.toSorted()).toEqual(ids.toSorted())
    })

    test('brings the trace a delivery was rung for in, each time it comes', async () => {
      const queue = await open()
      const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
      const heard: (string | undefined)[] = []
      const handle = async (due: DueDelivery): Promise<Consumed> => {
        heard.push(due.trace)
        return heard.length === 1 ? { kind: 'again', waitMs: 1 } : done(due.deliveryId)
      }
      consume(queue, async () => ({ kind: 'done', settlement: null }), { handle })
      const call = {
        siteId: 4,
        attemptsMade: 0,
        lane: 'live',
        delayMs: 0,
        budget: 'host:example.com',
      } as const
      await queue.enqueue({ ...call, deliveryId: randomUUID(), trace })
      await waitUntil('it came again', () => heard.length === 2)
      await queue.enqueue({ ...call, deliveryId: randomUUID() })
      await waitUntil('the other came', () => heard.length === 3)
      expect(heard).toEqual([trace, trace, undefined])
    })

    test('held takes nothing new, and goes on when it is let go', async () => {
      const queue = await open()
      const heard: string[] = []
      const consumer = consume(queue, async (id) => (heard.push(id), done(id)))
      const [first, second] = [randomUUID(), randomUUID()]
      await ring(queue, first)
      await waitUntil('the first is heard', () => heard.length === 1)
      await consumer.pause()
      await ring(queue, second)
      const waits = async (): Promise<boolean> => {
        const { live } = await queue.depth()
        return live.waiting + live.delayed === 1 && live.active === 0
      }
      await waitUntil('the second waits', waits)
      expect(heard).toEqual([first])
      consumer.resume()
      await waitUntil('the second is heard', () => heard.length === 2)
    })

    test('makes one of two bells for the same due attempt', async () => {
      const queue = await open()
      const id = randomUUID()
      await Promise.all([ring(queue, id), ring(queue, id), ring(queue, id)])
      expect(await queue.depth()).toMatchObject({ live: { waiting: 1 } })
      expect(await ring(queue, id)).toBe(true)
      const heard: string[] = []
      consume(queue, async (heardId) => (heard.push(heardId), done(heardId)))
      await waitUntil('nothing is left', async () => isEmpty(await queue.depth()))
      expect(heard).toEqual([id])
    })

    test('knows whether it has a bell: due, set for later, being heard, and no more once it is done with', async () => {
      const queue = await open()
      const [due, later, unknown] = [randomUUID(), randomUUID(), randomUUID()]
      const has = (deliveryId: string, attemptsMade = 0): Promise<boolean> =>
        queue.has({ deliveryId, attemptsMade })
      await ring(queue, due)
      await ring(queue, later, 60_000, 1)
      expect([await has(due), await has(later, 1)]).toEqual([true, true])
      expect([await has(unknown), await has(due, 1), await has(later)]).toEqual([false, false, false])
      const { promise: held, resolve: release } = Promise.withResolvers<void>()
      let heard = false
      consume(queue, async (id) => {
        heard = true
        await held
        return done(id)
      })
      await waitUntil('it is heard', () => heard)
      expect(await has(due)).toBe(true)
      release()
      await waitUntil('it is done with', async () => !(await has(due)))
      expect(await has(later, 1)).toBe(true)
    })

    test('makes nothing of a bell for a delivery that is being handled', async () => {
      const queue = await open()
      const { promise: held, resolve: release } = Promise.withResolvers<void>()
      const heard: string[] = []
      consume(queue, async (id) => {
        heard.push(id)
        await held
        return done(id)
      })
      const id = randomUUID()
      await ring(queue, id)
      await waitUntil('it is being handled', () => heard.length === 1)
      expect(await ring(queue, id)).toBe(true)
      expect(await queue.depth()).toMatchObject({ live: { waiting: 0, active: 1, delayed: 0 } })
      release()
      await waitUntil('nothing is left', async () => isEmpty(await queue.depth()))
      expect(heard).toEqual([id])
    })

    test('keeps live deliveries and retries in lanes of their own', async () => {
      const queue = await open()
      await ring(queue, randomUUID())
      await ring(queue, randomUUID(), 0, 1)
      await ring(queue, randomUUID(), 60_000, 1)
      expect(await queue.depth()).toMatchObject({
        live: { waiting: 1, delayed: 0 },
        retry: { waiting: 1, delayed: 1 },
      })
      const heard: string[] = []
      consume(queue, async (id) => (heard.push(id), done(id)), { lane: 'live' })
      await waitUntil(
        'the live lane is empty',
        async () => (await queue.depth()).live.waiting === 0 && heard.length === 1,
      )
      expect((await queue.depth()).retry.waiting).toBe(1)
    })

    test('holds a delayed delivery until it is due', async () => {
      const queue = await open()
      const rungAt = Date.now()
      const { promise, resolve } = Promise.withResolvers<number>()
      consume(queue, async (id) => (resolve(Date.now()), done(id)))
      await ring(queue, randomUUID(), 400)
      expect((await promise) - rungAt).toBeGreaterThanOrEqual(395)
    })

    test('brings a delivery again that was not to be handled yet', async () => {
      const queue = await open()
      const handled: number[] = []
      consume(queue, async (id): Promise<Consumed> => {
        handled.push(Date.now())
        return handled.length < 4 ? { kind: 'again', waitMs: 60 } : done(id)
      })
      await ring(queue, randomUUID())
      await waitUntil('it is done', async () => handled.length === 4 && isEmpty(await queue.depth()))
      expect((handled[3] ?? 0) - (handled[0] ?? 0)).toBeGreaterThanOrEqual(175)
    })

    test('brings a delivery again after a fault of ours, a while later', async () => {
      const faults: unknown[] = []
      const queue = await open(
        prefix,
        logger((fault) => faults.push(fault)),
      )
      let tries = 0
      consume(queue, async (id) => {
        tries += 1
        if (tries === 1) throw new Error('a fault of ours')
        return done(id)
      })
      const id = randomUUID()
      await ring(queue, id)
      await waitUntil(
        'it is waiting for its second try',
        async () => (await queue.depth()).live.delayed === 1,
      )
      await waitUntil('it is done', async () => tries === 2 && isEmpty(await queue.depth()))
      expect(faults).toMatchObject([{ delivery_id: id, faults: 1, err: { message: 'a fault of ours' } }])
    })

    test('handles no more at once than it was told', async () => {
      const queue = await open()
      let now = 0
      let most = 0
      const { promise: held, resolve: release } = Promise.withResolvers<void>()
      consume(
        queue,
        async (id) => {
          now += 1
          most = Math.max(most, now)
          await held
          now -= 1
          return done(id)
        },
        { concurrency: 3 },
      )
      await Promise.all(Array.from({ length: 9 }, () => ring(queue, randomUUID())))
      await waitUntil('three are under way', () => now === 3)
      release()
      await waitUntil('nothing is left', async () => isEmpty(await queue.depth()))
      expect(most).toBe(3)
    })

    test('finishes what is under way when it is stopped, and leaves the rest', async () => {
      const queue = await open()
      const { promise: held, resolve: release } = Promise.withResolvers<void>()
      const begun: string[] = []
      const finished: string[] = []
      const consumer = consume(
        queue,
        async (id) => {
          begun.push(id)
          await held
          finished.push(id)
          return done(id)
        },
        { concurrency: 1 },
      )
      await ring(queue, randomUUID())
      await ring(queue, randomUUID())
      await waitUntil('one is under way', () => begun.length === 1)
      const stopped = consumer.stop(5_000)
      release()
      await stopped
      expect(begun).toHaveLength(1)
      expect(finished).toEqual(begun)
      const { live } = await queue.depth()
      expect(live.waiting + live.delayed).toBe(1)
    })

    test('does not wait longer than told for what is under way, and leaves it to another worker', async () => {
      const queue = await open()
      const { promise: held, resolve: release } = Promise.withResolvers<void>()
      const begun: string[] = []
      const stuck = consume(
        queue,
        async (id) => {
          begun.push(id)
          await held
          return done(id)
        },
        { lockMs: 500 },
      )
      const id = randomUUID()
      await ring(queue, id)
      await waitUntil('it is under way', () => begun.length === 1)
      await stuck.stop(50)
      const takenOver: string[] = []
      consume(queue, async (id) => (takenOver.push(id), done(id)), { lockMs: 500 })
      await waitUntil('another took it over', () => takenOver.length === 1)
      release()
      await waitUntil('nothing is left', async () => isEmpty(await queue.depth()))
      expect(takenOver).toEqual([id])
    })

    test('gives the delivery of a killed worker to another', async () => {
      const queue = await open()
      const id = randomUUID()
      const lockMs = 500
      const queueOf = { QUEUE_URL: harness.url, QUEUE_PREFIX: prefix, SHARDS: String(harness.shards) }
      const env = { ...process.env, ...queueOf, LOCK_MS: String(lockMs) }
      const holder = fork(harness.holderProgram, { env, execArgv: [] })
      try {
        await ring(queue, id)
        expect(await once(holder, 'message')).toContain(id)
      } finally {
        holder.kill('SIGKILL')
      }
      const heard: string[] = []
      consume(queue, async (heardId) => (heard.push(heardId), done(heardId)), { lockMs })
      await waitUntil('it is done', async () => heard.length > 0 && isEmpty(await queue.depth()))
      expect(heard).toEqual([id])
    })

    test('keeps two installations on one store apart', async () => {
      const here = await open()
      const there = await open(`${prefix}-other`)
      await ring(there, randomUUID())
      expect(isEmpty(await here.depth())).toBe(true)
      expect(await there.depth()).toMatchObject({ live: { waiting: 1 } })
    })

    test('rings at once for what is overdue, though its bell was set for later', async () => {
      const queue = await open()
      const id = randomUUID()
      await ring(queue, id, 3_600_000)
      const bell = {
        deliveryId: id,
        siteId: siteOf(id),
        attemptsMade: 0,
        lane: 'live',
        delayMs: 0,
        budget: 'host:a',
      } as const
      await queue.enqueue(bell)
      expect(await queue.depth()).toMatchObject({ live: { waiting: 0, delayed: 1 } })
      await queue.enqueue({ ...bell, overdue: true })
      const heard: string[] = []
      consume(queue, async (heardId) => (heard.push(heardId), done(heardId)))
      await waitUntil('nothing is left', async () => isEmpty(await queue.depth()))
      expect(heard).toEqual([id])
    })

    test('says that it is there', async () => {
      expect(await (await open()).check()).toBe('ok')
    })

    describe('a settlement', () => {
      test('is heard in another process’s queue by all who expect it', async () => {
        const [worker, api] = await Promise.all([open(), open()])
        const listener = api.listenForSettlements()
        await listener.ready()
        consume(worker, async (id) => done(id))
        const id = randomUUID()
        const expectations = [listener.expect(id), listener.expect(id)]
        await ring(api, id)
        const heard = await Promise.all(expectations.map((expectation) => expectation.within(15_000)))
        expect(heard).toEqual([settlementOf(id), settlementOf(id)])
        await listener.close()
      })

      test('of each of many deliveries at once is heard', async () => {
        const [worker, api] = await Promise.all([open(), open()])
        const listener = api.listenForSettlements()
        await listener.ready()
        consume(worker, async (id) => done(id), { concurrency: 20 })
        const ids = Array.from({ length: 300 }, () => randomUUID())
        const expectations = ids.map((id) => listener.expect(id))
        await Promise.all(ids.map((id) => ring(api, id)))
        const heard = await Promise.all(expectations.map((expectation) => expectation.within(15_000)))
        expect(heard).toEqual(ids.map(settlementOf))
        await listener.close()
      })

      test('of nothing is not heard', async () => {
        const queue = await open()
        const listener = queue.listenForSettlements()
        await listener.ready()
        consume(queue, async (id) => (id === silent ? { kind: 'done', settlement: null } : done(id)))
        const [silent, later] = [randomUUID(), randomUUID()]
        const expectation = listener.expect(silent)
        await ring(queue, silent)
        await waitUntil('it is handled', async () => isEmpty(await queue.depth()))
        const marker = listener.expect(later)
        await ring(queue, later)
        await marker.within(15_000)
        expect(await expectation.within(0)).toBeNull()
        await listener.close()
      })

      test('that comes before anyone waits is not missed', async () => {
        const queue = await open()
        const listener = queue.listenForSettlements()
        await listener.ready()
        consume(queue, async (id) => done(id))
        const [early, later] = [randomUUID(), randomUUID()]
        const expectation = listener.expect(early)
        await ring(queue, early)
        const marker = listener.expect(later)
        await waitUntil('the first is handled', async () => isEmpty(await queue.depth()))
        await ring(queue, later)
        await marker.within(15_000)
        expect(await expectation.within(0)).toEqual(settlementOf(early))
        await listener.close()
      })

      test('that does not come in time is null', async () => {
        const listener = (await open()).listenForSettlements()
        expect(await listener.expect(randomUUID()).within(20)).toBeNull()
        await listener.close()
      })

      test('is not waited for any longer when the listener closes', async () => {
        const listener = (await open()).listenForSettlements()
        const waiting = listener.expect(randomUUID()).within(60_000)
        await listener.close()
        expect(await waiting).toBeNull()
        expect(await listener.expect(randomUUID()).within(60_000)).toBeNull()
      })
    })

    test('leaves no connection behind', async () => {
      const before = await harness.countConnections()
      const queue = await open()
      const listener = queue.listenForSettlements()
      await listener.ready()
      const consumer = consume(queue, async (id) => done(id))
      await ring(queue, randomUUID())
      await waitUntil('nothing is left', async () => isEmpty(await queue.depth()))
      await consumer.stop(5_000)
      await listener.close()
      await queue.close()
      queues.length = 0
      await waitUntil('the connections are gone', async () => (await harness.countConnections()) <= before)
    })
  })
}

/** As many sites as there are deliveries, nearly. */
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

function done(deliveryId: string): Consumed {
  return { kind: 'done', settlement: settlementOf(deliveryId) }
}

/** A logger that is silent but for the errors, which it hands to `take`. */
function logger(take: (error: unknown) => void): Logger {
  const log = openLogger('test', 'silent')
  log.error = take
  return log
}

function isEmpty(depth: Awaited<ReturnType<DeliveryQueue['depth']>>): boolean {
  return Object.values(depth).every(({ waiting, active, delayed }) => waiting + active + delayed === 0)
}
