import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { openQueue, type DeliveryQueue } from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

describe('a queue on Postgres', () => {
  let database: TestDatabase
  let proxy: ClosableProxy
  let cleanUp: (() => Promise<void>)[]

  beforeEach(async () => {
    database = await createTestDatabase()
    proxy = await startClosableProxy(database.url)
    cleanUp = []
  })

  afterEach(async () => {
    for (const step of cleanUp.toReversed()) await step()
    await proxy.close()
    await database.drop()
  })

  async function open(): Promise<DeliveryQueue> {
    const queue = await openQueue({ url: proxy.url, prefix: 'outage', log: openLogger('test', 'silent') })
    cleanUp.push(queue.close)
    return queue
  }

  const enqueue = (queue: DeliveryQueue, deliveryId: string): Promise<boolean> =>
    queue.enqueue(dueDeliveryWith({ deliveryId }))

  function consume(queue: DeliveryQueue): string[] {
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

  async function expectToWork(queue: DeliveryQueue): Promise<void> {
    const listener = queue.listenForSettlements()
    await listener.ready()
    const id = randomUUID()
    const expectation = listener.expect(id)
    await waitUntil('the job is enqueued', () => enqueue(queue, id))
    expect(await expectation.waitFor(15_000)).toEqual(settlementOf(id))
    await listener.close()
  }

  test('can be opened by many processes at once on a new database', async () => {
    const queues = await Promise.all(Array.from({ length: 5 }, open))
    const [first] = queues
    if (!first) throw new Error('unreachable')
    for (const queue of queues) expect(await enqueue(queue, randomUUID())).toBe(true)
    expect(await first.depth()).toMatchObject({ live: { waiting: 5 } })
  })

  test('opened while Postgres is down refuses jobs, and works when Postgres is up', async () => {
    proxy.shut()
    const queue = await open()
    consume(queue)
    expect(await enqueue(queue, randomUUID())).toBe(false)
    expect(await queue.check()).toBe('down')
    proxy.reopen()
    await expectToWork(queue)
  })

  test('whose connections all broke works again when Postgres is back', async () => {
    const queue = await open()
    const handled = consume(queue)
    const listener = queue.listenForSettlements()
    cleanUp.push(listener.close)
    await listener.ready()
    await enqueue(queue, randomUUID())
    await waitUntil('the job is handled', () => handled.length === 1)
    proxy.shut()
    expect(await enqueue(queue, randomUUID())).toBe(false)
    proxy.reopen()
    await waitUntil('a settlement is received again', async () => {
      const id = randomUUID()
      const expectation = listener.expect(id)
      return (await enqueue(queue, id)) && (await expectation.waitFor(500))
    })
  })

  test('whose Postgres accepts no more connections is not flooded by a busy worker', async () => {
    const queue = await open()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let started = 0
    const consumer = queue.consume({
      lane: 'live',
      concurrency: 5,
      inFlight: 400,
      lockMs: 60_000,
      handle: async () => {
        started += 1
        if (started <= 5) await released
        return { kind: 'done', settlement: null }
      },
    })
    cleanUp.push(() => consumer.stop(5_000))
    await Promise.all(Array.from({ length: 30 }, () => enqueue(queue, randomUUID())))
    await waitUntil('all slots are used', () => started === 5)
    proxy.refuse()
    release()
    const triedBefore = proxy.connections()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    // Without back-off there were 2,000 a second.
    expect(proxy.connections() - triedBefore).toBeLessThan(300)
    proxy.reopen()
    await waitUntil('all jobs are done', async () => (await queue.depth()).live.waiting === 0)
  })
})

interface ClosableProxy {
  url: string
  /** Breaks all connections and accepts none. */
  shut: () => void
  /** Breaks all connections and responds to new ones as a Postgres without a free connection does. */
  refuse: () => void
  reopen: () => void
  /** Number of connection attempts so far. */
  connections: () => number
  close: () => Promise<void>
}

/** Starts a proxy of a Postgres that can be shut. */
async function startClosableProxy(databaseUrl: string): Promise<ClosableProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let state: 'open' | 'shut' | 'refusing' = 'open'
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    socket.on('error', () => {})
    if (state === 'shut') socket.destroy()
    else if (state === 'refusing') socket.once('data', () => socket.end(tooManyClients()))
    else join(socket, connect(Number(target.port || 5432), target.hostname), sockets)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const switchTo = (next: typeof state) => (): void => {
    state = next
    if (next !== 'open') for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    shut: switchTo('shut'),
    refuse: switchTo('refusing'),
    reopen: switchTo('open'),
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function join(near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const socket of [near, far]) {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      near.destroy()
      far.destroy()
    })
  }
  near.pipe(far).pipe(near)
}

/** https://www.postgresql.org/docs/18/protocol-message-formats.html, ErrorResponse. */
function tooManyClients(): Buffer {
  const fields = ['SFATAL', 'VFATAL', 'C53300', 'Msorry, too many clients already', '']
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''))
  const head = Buffer.from('E\0\0\0\0')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function settlementOf(deliveryId: string) {
  return {
    deliveryId,
    state: 'delivered',
    attempts: 1,
    deliveredAt: null,
    nextAttemptAt: null,
    error: null,
  } as const
}
