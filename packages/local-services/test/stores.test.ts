import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  endProcess,
  findRedis,
  isAlive,
  startPostgres,
  startRedis,
  type LocalService,
} from '@ghostpost/local-services'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let folder: string
const started: LocalService[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-stores-'))
  await chmod(folder, 0o700)
})

afterEach(async () => {
  for (const service of started.splice(0)) await service.stop()
  await rm(folder, { recursive: true, force: true })
})

async function postgres(name = 'postgres'): Promise<LocalService> {
  const service = await startPostgres({ dataDir: join(folder, name), durable: false })
  started.push(service)
  return service
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('a private Postgres', () => {
  test('keeps its data over a restart, in a folder that no other user can read', async () => {
    const first = await postgres()
    await query(first.url, 'create table kept as select 1 as n')
    await first.stop()
    expect(first.pids.map(isAlive)).toEqual([false])
    expect(await query((await postgres()).url, 'select n from kept')).toEqual([{ n: 1 }])
  })

  test('starts again after it was killed', async () => {
    const [pid = 0] = (await postgres()).pids
    await endProcess(pid, 'SIGKILL', 5_000)
    expect(await query((await postgres()).url, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test('that a killed process left running is stopped and replaced', async () => {
    const left = await postgres()
    const next = await postgres()
    expect(left.pids.map(isAlive)).toEqual([false])
    expect(await query(next.url, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test('can run beside another one', async () => {
    const [one, other] = await Promise.all([postgres('one'), postgres('other')])
    expect(one.url).not.toBe(other.url)
    expect(await query(one.url, 'select 1 as n')).toEqual(await query(other.url, 'select 1 as n'))
  })

  test('refuses a wrong password', async () => {
    const url = new URL((await postgres()).url)
    url.password = 'wrong'
    await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed')
  })
})

async function redis(): Promise<LocalService> {
  const binaries = await findRedis({
    unpackDir: join(import.meta.dirname, '../../../.data/redis-binaries'),
  })
  if (!binaries) throw new Error('These tests need a Redis; put redis-server on the PATH.')
  const service = await startRedis({ dataDir: join(folder, 'redis'), binaries, appendOnly: true })
  started.push(service)
  return service
}

describe('a private Redis', () => {
  test('starts, stops and starts again', async () => {
    const first = await redis()
    await first.stop()
    expect(first.pids.map(isAlive)).toEqual([false])
    expect((await redis()).url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/)
  })

  test('that a killed process left running is stopped and replaced', async () => {
    const left = await redis()
    const next = await redis()
    expect(left.pids.map(isAlive)).toEqual([false])
    expect(next.pids.map(isAlive)).toEqual([true])
  })
})
