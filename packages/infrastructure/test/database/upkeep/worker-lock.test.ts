import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo } from 'node:net'
import { Transform } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { claimDelivery, claimIdPrefixOf } from '@ghostpost/infrastructure/database/attempts'
import {
  holdWorkerLock,
  recordHeartbeat,
  removeHeartbeat,
  type WorkerLock,
  type WorkerLockOptions,
} from '@ghostpost/infrastructure/database/upkeep'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { noSecrets, saveNewDelivery } from '../attempts/delivery-fixtures.ts'

let database: TestDatabase
let locks: WorkerLock[] = []

beforeAll(async () => {
  database = await createTestDatabase()
})

afterEach(async () => {
  await Promise.all(locks.map((lock) => lock.close()))
  locks = []
  await database.pool.query('delete from workers')
})

afterAll(() => database.drop())

function hold(changes: Partial<WorkerLockOptions> = {}): { id: string; lock: WorkerLock } {
  const id = randomUUID()
  const worker = { id, host: 'host', version: '1', concurrency: 1 }
  const lock = holdWorkerLock({
    url: database.url,
    worker,
    onError: () => {},
    onPooled: () => {},
    ...changes,
  })
  locks.push(lock)
  return { id, lock }
}

async function held(): Promise<{ id: string; lock: WorkerLock }> {
  const holder = hold()
  await waitUntil('the lock is held', () => holder.lock.isHeld())
  return holder
}

async function forkHolder(id: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('./lock-holder.ts', import.meta.url))
  const env = { ...process.env, DATABASE_URL: database.url, WORKER_ID: id }
  const child = fork(program, { env, execArgv: [] })
  const [message]: unknown[] = await once(child, 'message')
  expect(message).toEqual({ isHeld: true })
  return child
}

describe('the lock of a worker', () => {
  test('is free when its process is killed, and not while the process is frozen', async () => {
    const { lock } = await held()
    const id = randomUUID()
    const other = await forkHolder(id)
    try {
      other.kill('SIGSTOP')
      for (let looks = 0; looks < 20; looks += 1) expect(await lock.findFree()).toEqual([])
    } finally {
      other.kill('SIGKILL')
    }
    expect(await waitUntil('it is free', async () => (await lock.findFree())[0])).toBe(id)
  })

  test('is taken again, under the same key, when its connection was ended', async () => {
    const changes: boolean[] = []
    const { id, lock } = hold({ onChange: (isHeld) => changes.push(isHeld) })
    const { lock: watcher } = await held()
    await waitUntil('the lock is held', () => lock.isHeld())
    const key = lock.key()
    await database.pool.query(
      `select pg_terminate_backend(pid)
       from pg_locks
       where locktype = 'advisory'
         and (classid::bigint << 32) + objid::bigint = $1`,
      [key],
    )
    await waitUntil('the lock is held again', () => changes.join() === 'true,false,true')
    expect(lock.key()).toBe(key)
    expect(await watcher.findFree()).not.toContain(id)
  })

  test('is not looked at before it is taken, and not when it has none', async () => {
    const { lock } = await held()
    await recordHeartbeat(database, {
      id: randomUUID(),
      host: 'h',
      version: '1',
      concurrency: 1,
      lockKey: null,
    })
    expect(await lock.findFree()).toEqual([])
  })

  test('is not taken through a pooler, whose connections outlive the process', async () => {
    const pooler = await startPooler(Number(new URL(database.url).port))
    const url = new URL(database.url)
    url.port = String(pooler.port)
    const { promise: noticed, resolve: notice } = Promise.withResolvers<void>()
    const { lock } = hold({ url: url.href, onPooled: notice })
    await noticed
    expect([lock.isHeld(), lock.key()]).toEqual([false, null])
    await expect(lock.findFree()).rejects.toThrow('not open')
    await lock.close()
    pooler.stop()
  })
})

describe('the heartbeat of a worker that has ended', () => {
  test('is removed, unless it has left claims', async () => {
    const user = await createUser(database, [4])
    const [idle, busy] = [randomUUID(), randomUUID()]
    for (const id of [idle, busy])
      await recordHeartbeat(database, { id, host: 'h', version: '1', concurrency: 1, lockKey: null })
    const { id: deliveryId } = await saveNewDelivery(database, user.id)
    const claim = claimDelivery(database, noSecrets, 60_000, { idPrefix: () => claimIdPrefixOf(busy) })
    expect(await claim(deliveryId)).toMatchObject({ kind: 'claimed' })
    await Promise.all([removeHeartbeat(database, idle), removeHeartbeat(database, busy)])
    expect(await database.prisma.worker.findMany({ select: { id: true } })).toEqual([{ id: busy }])
  })
})

/** Forwards to Postgres, and gives clients another process id than the server's, as poolers do. */
async function startPooler(port: number): Promise<{ port: number; stop: () => void }> {
  // https://www.postgresql.org/docs/current/protocol-message-formats.html: BackendKeyData, 12 bytes long.
  const keyData = Buffer.from([0x4b, 0, 0, 0, 12])
  const renumber = (): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const at = chunk.indexOf(keyData)
        if (at >= 0) chunk.writeInt32BE(1, at + keyData.length)
        done(null, chunk)
      },
    })
  const server = createServer((client) => {
    const upstream = createConnection({ port, host: '127.0.0.1' })
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.pipe(upstream).pipe(renumber()).pipe(client)
    client.on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() }
}
