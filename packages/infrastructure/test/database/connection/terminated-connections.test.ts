import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { openDatabase, passingFaultOf, type Database } from '@ghostpost/infrastructure/database/connection'
import { useWhileTerminated } from '@ghostpost/test-kit/terminate-backends'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresEvents } from '../../../src/database/connection/postgres-events.ts'

let database: TestDatabase
let closers: (() => Promise<unknown>)[] = []
let uncaught: string[] = []
const onUncaught = (error: unknown): void => void uncaught.push(String(error))

beforeAll(async () => {
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUncaught)
  database = await createTestDatabase()
})

afterAll(async () => {
  for (const close of closers.toReversed()) await close()
  await database.drop()
  process.off('uncaughtException', onUncaught)
  process.off('unhandledRejection', onUncaught)
})

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: ReadyForQuery, idle. */
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

function fatalMessage(): Buffer {
  const fields = ['SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command']
  const body = Buffer.from(`${fields.join('\0')}\0\0`)
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from('E'), length, body])
}

/**
 * A proxy in front of Postgres that ends a connection with the packet of its `after`th ReadyForQuery, as a busy process
 * reads it when both arrive before it looks.
 */
async function startEndingProxy(url: string, after: number): Promise<string> {
  const { port, hostname } = new URL(url)
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    const sockets: Socket[] = [client, upstream]
    for (const socket of sockets) socket.on('error', () => {}).on('close', () => sockets.forEach(destroy))
    client.pipe(upstream)
    let readies = 0
    upstream.on('data', (chunk: Buffer) => {
      const isReady = chunk.subarray(-readyForQuery.length).equals(readyForQuery)
      if (isReady) readies += 1
      if (!isReady || readies < after) return void client.write(chunk)
      client.end(Buffer.concat([chunk, fatalMessage()]))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => server.close())
  const proxied = new URL(url)
  proxied.port = String((server.address() as AddressInfo).port)
  return proxied.href
}

const destroy = (socket: Socket): unknown => socket.destroy()

function openAt(url: string): Database {
  const opened = openDatabase({
    url,
    poolMax: 4,
    connectTimeoutMs: 3_000,
    statementTimeoutMs: 5_000,
    applicationName: 'ended',
    onIdleError: () => {},
  })
  closers.push(opened.close)
  return opened
}

const uses: [string, (opened: Database) => Promise<unknown>][] = [
  ['a statement', ({ pool }) => pool.query('select 1')],
  [
    'a transaction of Prisma',
    ({ prisma }) => prisma.$transaction([prisma.site.count(), prisma.user.count()]),
  ],
  [
    'a connection that waits for its owner',
    async ({ pool }) => {
      const client = await pool.connect()
      client.release()
    },
  ],
]

describe.each([1, 2])(
  'a connection that Postgres ends in the packet of its ReadyForQuery number %i',
  (after) => {
    test.each(uses)('does not end the process: %s', async (_name, use) => {
      const opened = openAt(await startEndingProxy(database.url, after))
      const results = await Promise.allSettled(Array.from({ length: 12 }, () => use(opened)))
      await opened.pool.query('select 1').catch(() => {})
      const errors = results.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []))
      expect(errors.filter((error) => passingFaultOf(error) === null)).toEqual([])
      expect(uncaught).toEqual([])
    })
  },
)

describe('a listener for live events', () => {
  test('connects again when Postgres ends its connection, also before it listens', async () => {
    const url = await startEndingProxy(database.url, 1)
    const events = postgresEvents({ url, database })
    let missed = 0
    events.listen((message) => void (missed += message.kind === 'missed' ? 1 : 0))
    await waitUntil('it has connected three times', () => missed >= 3)
    await events.close()
    expect(uncaught).toEqual([])
  })

  test('takes a text that is no event for a missed one', async () => {
    const events = postgresEvents({ url: database.url, database })
    let missed = 0
    events.listen((message) => void (missed += message.kind === 'missed' ? 1 : 0))
    await waitUntil('the text arrives', async () => {
      await database.pool.query(`notify ghostpost_events, 'no event'`)
      return missed > 0
    })
    await events.close()
    expect(uncaught).toEqual([])
  })
})

describe('a stalled process whose connections Postgres ends over and over', () => {
  test.each([1, 2, 10])('goes on with a pool of %i', async (poolMax) => {
    const result = await useWhileTerminated({ url: database.url, poolMax, rounds: 40 })
    expect(result).toMatchObject({ uncaught: [], recovered: true })
    expect(result.terminated).toBeGreaterThanOrEqual(40)
  })
})
