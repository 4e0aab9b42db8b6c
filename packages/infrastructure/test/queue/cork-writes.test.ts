import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { corkWrites } from '../../src/queue/cork-writes.ts'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** A server that responds OK to each command and remembers what it received. */
let server: Server
let chunks: string[]
let sockets: Socket[]

beforeEach(async () => {
  chunks = []
  sockets = []
  server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      chunks.push(String(data))
      socket.write('+OK\r\n'.repeat(String(data).split('*').length - 1))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

async function connect(): Promise<Redis> {
  const { port } = server.address() as { port: number }
  const redis = new Redis(port, '127.0.0.1', { enableReadyCheck: false, protocol: 2, lazyConnect: true })
  redis.on('error', () => {})
  await corkWrites(redis).connect()
  chunks.length = 0
  return redis
}

/* oxlint-disable no-underscore-dangle -- Node's name of a socket's handle */

/** The number of writes to the socket during `work`. */
async function countWrites(redis: Redis, work: () => Promise<unknown>): Promise<number> {
  const { stream } = redis as unknown as {
    stream: Socket & { _handle: Record<string, (...args: never[]) => unknown> }
  }
  let writes = 0
  for (const name of ['writev', 'writeUtf8String', 'writeBuffer', 'writeLatin1String', 'writeAsciiString']) {
    const original = stream._handle[name]?.bind(stream._handle)
    if (original)
      stream._handle[name] = (...args) => {
        writes += 1
        return original(...args)
      }
  }
  await work()
  return writes
}

test('commands of one turn of the event loop go out in one write, and all are answered', async () => {
  const redis = await connect()
  const writes = await countWrites(redis, async () => {
    const replies = Array.from({ length: 50 }, (_, index) => redis.set(`key-${index}`, 'value'))
    expect(new Set(await Promise.all(replies))).toEqual(new Set(['OK']))
  })
  expect(writes).toBe(1)
  redis.disconnect()
})

test('commands of a later turn do not wait for more', async () => {
  const redis = await connect()
  expect(await redis.set('key', 'value')).toBe('OK')
  await nextTurn()
  expect(await redis.set('key', 'value')).toBe('OK')
  redis.disconnect()
})

test('a new connection is corked, too', async () => {
  const redis = await connect()
  for (const socket of sockets) socket.destroy()
  await waitUntil('it has connected again', () => sockets.length === 2 && redis.status === 'ready')
  const writes = await countWrites(redis, () => Promise.all([redis.set('a', '1'), redis.set('b', '2')]))
  expect(writes).toBe(1)
  redis.disconnect()
})
