import {
  openDatabase,
  readListsFrom,
  readListsFromReplica,
  type Database,
  type ListReader,
} from '@ghostpost/infrastructure/database/connection'
import { everyDelivery, listDeliveries } from '@ghostpost/infrastructure/database/log'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { startFaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { startTestReplica, type TestReplica } from '@ghostpost/test-kit/test-replica'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { saveNewDelivery } from '../attempts/delivery-fixtures.ts'

const lateMaxMs = 500
/** For tests in which the replica keeps up, however slow the machine is. */
const generousMs = 600_000
let servers: TestReplica
let primary: TestDatabase
let user: TestUser
let fallbackReasons: string[] = []
let opened: ListReader[] = []

beforeAll(async () => {
  servers = await startTestReplica()
  await waitForTheDisk(servers.primaryUrl)
  vi.stubEnv('GHOSTPOST_TEST_DATABASE_URL', servers.primaryUrl)
  primary = await createTestDatabase()
  user = await createUser(primary, [4])
})

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  fallbackReasons = []
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await primary.drop()
  await servers.remove()
})

/** The bound counts from the moment a commit is on the disk. The test servers do not wait for that: here they do. */
async function waitForTheDisk(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('alter role current_user set synchronous_commit = on')
  await client.end()
}

interface OpenOptions {
  replicaUrl?: string
  maxLateMs?: number
  /** How long the reader waits for a response from the replica. */
  answerTimeoutMs?: number
  now?: () => number
}

function open(options: OpenOptions = {}): ListReader {
  const { replicaUrl = servers.replicaUrlOf(primary.url), maxLateMs = generousMs, now } = options
  const replica = databaseAt(replicaUrl, options.answerTimeoutMs ?? 30_000)
  const onFallback = (why: unknown): void => void fallbackReasons.push(String(why))
  const lists = readListsFromReplica(primary, replica, maxLateMs, onFallback, now)
  opened.push(lists)
  return lists
}

function databaseAt(url: string, answerTimeoutMs: number): Database {
  return openDatabase({
    url,
    poolMax: 2,
    connectTimeoutMs: 10_000,
    statementTimeoutMs: 30_000,
    answerTimeoutMs,
    applicationName: 'test',
    onIdleError: () => {},
  })
}

type Server = 'primary' | 'replica'

/** The server that a list is read from now. */
function whereRead({ read }: ListReader): Promise<Server> {
  return read(async ({ pool }) => {
    const { rows } = await pool.query<{ follows: boolean }>('select pg_is_in_recovery() as follows')
    return rows[0]?.follows ? 'replica' : 'primary'
  })
}

const untilReadFrom = (lists: ListReader, server: Server): Promise<true> =>
  waitUntil(`lists are read from the ${server}`, async () => (await whereRead(lists)) === server)

/** A clock that only the test advances. */
interface TestClock {
  now: () => number
  advance: (byMs: number) => void
}

function startClock(): TestClock {
  let nowMs = 0
  return { now: () => nowMs, advance: (byMs) => void (nowMs += byMs) }
}

/** Advances the clock until the replica has everything that the primary had at the clock's time. */
const untilReplicaIsFresh = (lists: ListReader, clock: TestClock): Promise<true> =>
  waitUntil('the replica has caught up', async () => {
    clock.advance(lateMaxMs + 1)
    return (await whereRead(lists)) === 'replica'
  })

async function firstListedId({ read }: ListReader): Promise<string | undefined> {
  const page = await read((database) => listDeliveries(database, 4, {}, { limit: 1, cursor: null }))
  return page.items[0]?.delivery_id
}

const lateReasons = (): string[] => fallbackReasons.filter((reason) => reason.includes('behind'))

test('lists are read from the replica while it keeps up', async () => {
  const lists = open()
  await untilReadFrom(lists, 'replica')
  const { id } = await saveNewDelivery(primary, user.id)
  await waitUntil('the delivery is listed', async () => (await firstListedId(lists)) === id)
  await untilReadFrom(lists, 'replica')
  expect(lateReasons()).toEqual([])
})

test('lists are read from the primary while the replica is behind, and then from the replica', async () => {
  const clock = startClock()
  const lists = open({ maxLateMs: lateMaxMs, now: clock.now })
  await untilReplicaIsFresh(lists, clock)
  await servers.pauseReplay()
  try {
    const { id } = await saveNewDelivery(primary, user.id)
    clock.advance(lateMaxMs + 1)
    expect(await whereRead(lists)).toBe('primary')
    expect(await firstListedId(lists)).toBe(id)
    expect(lateReasons()[0]).toContain('more than 500 ms behind')
  } finally {
    await servers.resumeReplay()
  }
  await untilReplicaIsFresh(lists, clock)
})

test('a list is never older than the bound while the replica hangs', async () => {
  const clock = startClock()
  const lists = open({ maxLateMs: lateMaxMs, now: clock.now })
  await untilReplicaIsFresh(lists, clock)
  await servers.pauseReplay()
  try {
    const { id } = await saveNewDelivery(primary, user.id)
    clock.advance(lateMaxMs)
    expect(await whereRead(lists)).toBe('replica')
    clock.advance(1)
    expect(await firstListedId(lists)).toBe(id)
  } finally {
    await servers.resumeReplay()
  }
})

test('a replica is not late while nothing happens on the primary', async () => {
  const clock = startClock()
  const lists = open({ maxLateMs: lateMaxMs, now: clock.now })
  await untilReplicaIsFresh(lists, clock)
  await waitUntil('the replica has replayed the whole log', hasReplayedAll)
  clock.advance(lateMaxMs * 10)
  expect(await whereRead(lists)).toBe('replica')
})

async function hasReplayedAll(): Promise<boolean> {
  const replica = databaseAt(servers.replicaUrlOf(primary.url), 30_000)
  try {
    const flushed = await primary.pool.query<{ lsn: string }>('select pg_current_wal_flush_lsn() as lsn')
    const sql = 'select pg_last_wal_replay_lsn() >= $1::pg_lsn as done'
    return (await replica.pool.query<{ done: boolean }>(sql, [flushed.rows[0]?.lsn])).rows[0]?.done ?? false
  } finally {
    await replica.close()
  }
}

test('lists are read from the primary while the replica is stopped, and then from the replica', async () => {
  await servers.stopReplica()
  const away = open()
  expect(await whereRead(away)).toBe('primary')
  expect(fallbackReasons[0]).toMatch(/ECONNREFUSED|connect/i)
  await servers.startReplica()
  const back = open()
  await untilReadFrom(back, 'replica')
})

test('a read that hangs on the replica is repeated on the primary', async () => {
  const proxy = await startFaultProxy(Number(new URL(servers.replicaUrlOf(primary.url)).port))
  const url = Object.assign(new URL(primary.url), { port: String(proxy.port) }).href
  const lists = open({ replicaUrl: url, answerTimeoutMs: 1_500 })
  await untilReadFrom(lists, 'replica')
  const result = lists.read(async ({ pool }) => {
    proxy.setMode({ kind: 'silent' })
    const { rows } = await pool.query<{ follows: boolean }>('select pg_is_in_recovery() as follows')
    return rows[0]?.follows ? 'replica' : 'primary'
  })
  await waitUntil('the replica gets the read', () => proxy.connections() > 0)
  expect(await result).toBe('primary')
  expect(await whereRead(lists)).toBe('primary')
  expect(fallbackReasons[0]).toContain('Query read timeout')
  await proxy.stop()
})

test('a read is repeated on the primary when its connection to the replica breaks', async () => {
  const lists = open()
  await untilReadFrom(lists, 'replica')
  const servedBy: Server[] = []
  const result = await lists.read(async ({ pool }) => {
    const { rows } = await pool.query<{ follows: boolean }>('select pg_is_in_recovery() as follows')
    const server = rows[0]?.follows ? 'replica' : 'primary'
    servedBy.push(server)
    if (server === 'replica') await pool.query('select pg_terminate_backend(pg_backend_pid())')
    return server
  })
  expect(result).toBe('primary')
  expect(servedBy).toEqual(['replica', 'primary'])
})

test('a wrong statement is not repeated on the primary', async () => {
  const lists = open()
  await untilReadFrom(lists, 'replica')
  let asked = 0
  const wrong = lists.read(({ pool }) => {
    asked += 1
    return pool.query('select no_such_column from deliveries')
  })
  await expect(wrong).rejects.toThrow('no_such_column')
  expect(asked).toBe(1)
})

test('an export continues on the primary when the replica stops between two pages', async () => {
  await primary.prisma.delivery.deleteMany()
  for (let count = 0; count < 450; count += 1) await saveNewDelivery(primary, user.id)
  const lists = open()
  await untilReadFrom(lists, 'replica')
  await waitUntil('the replica has them', async () =>
    lists.read(async ({ prisma }) => (await prisma.delivery.count()) === 450),
  )
  const ids: string[] = []
  for await (const page of everyDelivery(lists.read, 4, {})) {
    if (ids.length === 0) await servers.stopReplica()
    ids.push(...page.map(({ delivery_id }) => delivery_id))
  }
  expect(new Set(ids).size).toBe(450)
  expect(ids).toEqual(ids.toSorted().toReversed())
  await servers.startReplica()
})

test('lists are read from the primary when there is no replica', async () => {
  const lists = readListsFrom(primary)
  expect(await whereRead(lists)).toBe('primary')
  expect(lists.lateMaxMs).toBe(0)
})

test('a second address of the primary is never late', async () => {
  const clock = startClock()
  const lists = open({ replicaUrl: primary.url, maxLateMs: lateMaxMs, now: clock.now })
  expect(await whereRead(lists)).toBe('primary')
  clock.advance(lateMaxMs * 10)
  expect(await whereRead(lists)).toBe('primary')
  expect(lateReasons()).toEqual([])
})
