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
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { saveNewDelivery } from '../attempts/delivery-fixtures.ts'

const lateMaxMs = 500
let servers: TestReplica
let primary: TestDatabase
let user: TestUser
let fallbackReasons: string[] = []
let opened: ListReader[] = []

beforeAll(async () => {
  servers = await startTestReplica()
  process.env['GHOSTPOST_TEST_DATABASE_URL'] = servers.primaryUrl
  primary = await createTestDatabase()
  user = await createUser(primary, [4])
})

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  fallbackReasons = []
})

afterAll(async () => {
  await primary.drop()
  await servers.remove()
})

function open(replicaUrl = servers.replicaUrlOf(primary.url), maxLateMs = lateMaxMs): ListReader {
  const lists = readListsFromReplica(primary, databaseAt(replicaUrl), maxLateMs, (why) =>
    fallbackReasons.push(String(why)),
  )
  opened.push(lists)
  return lists
}

function databaseAt(url: string): Database {
  return openDatabase({
    url,
    poolMax: 2,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 5_000,
    answerTimeoutMs: 1_500,
    applicationName: 'test',
    onIdleError: () => {},
  })
}

type Server = 'primary' | 'replica'

/** Which server answered. */
function whereRead({ read }: ListReader): Promise<Server> {
  return read(async ({ pool }) => {
    const { rows } = await pool.query<{ follows: boolean }>('select pg_is_in_recovery() as follows')
    return rows[0]?.follows ? 'replica' : 'primary'
  })
}

const untilReadFrom = (lists: ListReader, server: Server): Promise<true> =>
  waitUntil(`lists are read from the ${server}`, async () => (await whereRead(lists)) === server)

test('lists are read from the replica while it keeps up', async () => {
  const lists = open()
  await untilReadFrom(lists, 'replica')
  const { id } = await saveNewDelivery(primary, user.id)
  await waitUntil('it is listed', async () => {
    const page = await lists.read((database) => listDeliveries(database, 4, {}, { limit: 1, cursor: null }))
    return page.items[0]?.delivery_id === id
  })
  expect(await whereRead(lists)).toBe('replica')
  expect(fallbackReasons).toEqual([])
})

test('a replica that falls behind is left, and read again when it has caught up', async () => {
  const lists = open()
  await untilReadFrom(lists, 'replica')
  await servers.pauseReplay()
  try {
    const { id } = await saveNewDelivery(primary, user.id)
    await untilReadFrom(lists, 'primary')
    const page = await lists.read((database) => listDeliveries(database, 4, {}, { limit: 1, cursor: null }))
    expect(page.items[0]?.delivery_id).toBe(id)
    expect(fallbackReasons[0]).toContain('more than 500 ms behind')
  } finally {
    await servers.resumeReplay()
  }
  await untilReadFrom(lists, 'replica')
})

test('what a replica that hangs shows is never older than the bound', async () => {
  const lists = open()
  await untilReadFrom(lists, 'replica')
  await servers.pauseReplay()
  try {
    const { id } = await saveNewDelivery(primary, user.id)
    const savedAt = performance.now()
    const missedMs: number[] = []
    await waitUntil('it is listed', async () => {
      const waitedMs = performance.now() - savedAt
      const page = await lists.read((database) => listDeliveries(database, 4, {}, { limit: 1, cursor: null }))
      if (page.items[0]?.delivery_id === id) return true
      missedMs.push(waitedMs)
      return false
    })
    expect(Math.max(0, ...missedMs)).toBeLessThanOrEqual(lateMaxMs)
  } finally {
    await servers.resumeReplay()
  }
})

test('a primary on which nothing happens makes no replica late', async () => {
  const lists = open()
  await untilReadFrom(lists, 'replica')
  const since = performance.now()
  await waitUntil(
    'more time has passed than lists may be late',
    () => performance.now() - since > lateMaxMs * 2,
  )
  expect(await whereRead(lists)).toBe('replica')
})

test('a replica that is away is left, and read again when it is back', async () => {
  await servers.stopReplica()
  const away = open()
  expect(await whereRead(away)).toBe('primary')
  expect(fallbackReasons[0]).toMatch(/ECONNREFUSED|connect/i)
  await servers.startReplica()
  const back = open()
  await untilReadFrom(back, 'replica')
})

test('a replica that hangs is left, and what was being read is read from the primary', async () => {
  const proxy = await startFaultProxy(Number(new URL(servers.replicaUrlOf(primary.url)).port))
  const url = Object.assign(new URL(primary.url), { port: String(proxy.port) }).href
  const lists = open(url, 60_000)
  await untilReadFrom(lists, 'replica')
  const result = lists.read(async ({ pool }) => {
    proxy.setMode({ kind: 'silent' })
    const { rows } = await pool.query<{ follows: boolean }>('select pg_is_in_recovery() as follows')
    return rows[0]?.follows ? 'replica' : 'primary'
  })
  await waitUntil('the replica is asked', () => proxy.connections() > 0)
  expect(await result).toBe('primary')
  expect(await whereRead(lists)).toBe('primary')
  expect(fallbackReasons[0]).toContain('Query read timeout')
  await proxy.stop()
})

test('a read that breaks off in the middle is done again on the primary', async () => {
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

test('what is asked wrongly is not asked twice', async () => {
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

test('an export goes on when the replica is left between two pages', async () => {
  await primary.prisma.delivery.deleteMany()
  for (let count = 0; count < 450; count += 1) await saveNewDelivery(primary, user.id)
  const lists = open(servers.replicaUrlOf(primary.url), 60_000)
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

test('without a replica lists are read where everything is', async () => {
  const lists = readListsFrom(primary)
  expect(await whereRead(lists)).toBe('primary')
  expect(lists.lateMaxMs).toBe(0)
})

test('a second address of the primary itself is never late', async () => {
  const lists = open(primary.url)
  expect(await whereRead(lists)).toBe('primary')
  expect(fallbackReasons).toEqual([])
})
