import { createServer, type Server, type Socket } from 'node:net'
import { openCallLimits, type CallLimits } from '@ghostpost/infrastructure/call-limits'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { startFaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { createTestQueueName } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'

type Name = 'few' | 'many' | 'none'
const log = openLogger('test', 'silent')
const limits = {
  few: { max: 3, windowSeconds: 60 },
  many: { max: 100, windowSeconds: 60 },
  none: { max: 0, windowSeconds: 60 },
}
const opened: CallLimits<Name>[] = []
const servers: { server: Server; sockets: Set<Socket> }[] = []

afterEach(async () => {
  for (const one of opened.splice(0)) one.close()
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

function open(queue: { url: string; prefix: string }, redisTimeoutMs?: number): CallLimits<Name> {
  const one = openCallLimits<Name>({
    ...queue,
    limits,
    log,
    ...(redisTimeoutMs !== undefined && { redisTimeoutMs }),
  })
  opened.push(one)
  return one
}

async function takeMany(
  one: CallLimits<Name>,
  count: number,
  key = 'caller',
  name: Name = 'few',
): Promise<(number | null)[]> {
  const taken: (number | null)[] = []
  for (let call = 0; call < count; call += 1) taken.push(await one.take(name, key))
  return taken
}

const refused = expect.toSatisfy((ms: unknown) => typeof ms === 'number' && ms > 0 && ms <= 60_000)

describe.each(['Redis', 'no Redis'])('with %s', (kind) => {
  const queue = (): { url: string; prefix: string } =>
    kind === 'Redis' ? createTestQueueName() : { url: 'postgres://localhost/none', prefix: 'x' }

  test('calls over the limit are refused with the time to wait', async () => {
    expect(await takeMany(open(queue()), 5)).toEqual([null, null, null, refused, refused])
  })

  test('each caller has its own count', async () => {
    const one = open(queue())
    await takeMany(one, 3, 'a')
    expect(await one.take('few', 'b')).toBeNull()
  })

  test('a limit of 0 limits nothing', async () => {
    const one = open(queue())
    expect(await Promise.all(Array.from({ length: 50 }, () => one.take('none', 'x')))).toEqual(
      Array.from({ length: 50 }, () => null),
    )
  })
})

test('processes on one Redis share their counts', async () => {
  const queue = createTestQueueName()
  const [one, other] = [open(queue), open(queue)]
  let tries = 0
  // A process without a connection counts for itself.
  const refusedWait = await waitUntil('one process sees the calls of the other', async () => {
    tries += 1
    await takeMany(one, 3, `caller ${tries}`)
    return other.take('few', `caller ${tries}`)
  })
  expect(refusedWait).toEqual(refused)
})

describe('a caller far from its limit', () => {
  /** Long, so that no process counts for itself on a slow machine. */
  const longTimeoutMs = 10_000
  const counted = async (redis: Redis, prefix: string): Promise<number> =>
    Number(await redis.get(`${prefix}:calls:many:caller`))
  let redis: Redis
  afterEach(() => redis.disconnect())

  async function opened(): Promise<{ one: CallLimits<Name>; prefix: string }> {
    const queue = createTestQueueName()
    redis = new Redis(queue.url)
    const one = open(queue, longTimeoutMs)
    await waitUntil('it counts in Redis', async () => {
      await one.take('many', 'caller')
      return (await counted(redis, queue.prefix)) > 0
    })
    await redis.del(`${queue.prefix}:calls:many:caller`)
    return { one, prefix: queue.prefix }
  }

  test('is admitted at once and counted a moment later', async () => {
    const { one, prefix } = await opened()
    expect(await takeMany(one, 4, 'caller', 'many')).toEqual([null, null, null, null])
    await waitUntil('all are counted', async () => (await counted(redis, prefix)) >= 4)
  })

  test('gets no more calls than its limit from one process', async () => {
    const { one } = await opened()
    const taken = await Promise.all(Array.from({ length: 130 }, () => one.take('many', 'another')))
    expect(taken.filter((waitMs) => waitMs === null)).toHaveLength(100)
    expect(await takeMany(one, 130, 'a third', 'many')).toEqual([
      ...Array.from({ length: 100 }, () => null),
      ...Array.from({ length: 30 }, () => refused),
    ])
  })

  test('gets at most a twentieth more from each other process', async () => {
    const queue = createTestQueueName()
    redis = new Redis(queue.url)
    const all = [open(queue, longTimeoutMs), open(queue, longTimeoutMs), open(queue, longTimeoutMs)]
    await Promise.all(
      all.map((one, index) =>
        waitUntil('it counts in Redis', async () => {
          await one.take('many', `first ${index}`)
          return (await redis.exists(`${queue.prefix}:calls:many:first ${index}`)) === 1
        }),
      ),
    )
    const taken = await Promise.all(all.map((one) => takeMany(one, 100, 'caller', 'many')))
    const admitted = taken.flat().filter((waitMs) => waitMs === null).length
    expect(admitted).toBeGreaterThanOrEqual(100)
    expect(admitted).toBeLessThanOrEqual(115)
  })
})

test('without Redis each process counts its own calls', async () => {
  const one = open({ url: 'redis://127.0.0.1:1', prefix: 'x' })
  expect(await takeMany(one, 4)).toEqual([null, null, null, refused])
})

test('calls do not wait for a Redis that never responds, and then avoid it', async () => {
  const one = open({ url: `redis://127.0.0.1:${await silentServer()}`, prefix: 'x' })
  const startedAt = performance.now()
  expect(await takeMany(one, 4)).toEqual([null, null, null, refused])
  expect(await takeMany(one, 100, 'another')).toHaveLength(100)
  // One wait of 100 ms a second, not one per call; the rest is for a slow machine.
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

async function silentServer(): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    // A sufficient reply for a client to consider the connection ready.
    socket.on('data', (data) => {
      if (/info/i.test(String(data))) socket.write('$23\r\nredis_version:7.0.0\r\n\r\n\r\n')
    })
  })
  servers.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

test('what a process admits with and without a slow Redis does not add up', async () => {
  const queue = createTestQueueName()
  const url = new URL(queue.url)
  const proxy = await startFaultProxy(Number(url.port))
  url.port = String(proxy.port)
  const redis = new Redis(queue.url)
  const one = open({ ...queue, url: url.href }, 200)
  const isCounted = async (key: string): Promise<boolean> => {
    await one.take('few', key)
    return (await redis.exists(`${queue.prefix}:calls:few:${key}`)) === 1
  }
  try {
    await waitUntil('it counts in Redis', () => isCounted('first'))
    const taken = await takeMany(one, 2)
    proxy.setMode({ kind: 'silent' })
    taken.push(...(await takeMany(one, 10)))
    proxy.setMode({ kind: 'pass' })
    let tries = 0
    await waitUntil('it counts in Redis again', () => isCounted(`later ${(tries += 1)}`))
    taken.push(...(await takeMany(one, 10)))
    expect(taken.filter((waitMs) => waitMs === null)).toHaveLength(3)
  } finally {
    redis.disconnect()
    await proxy.stop()
  }
})
