import { randomUUID } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSessionToken, newSessionToken } from '@ghostpost/infrastructure/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { createTestQueueName, testStoreUrl } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import {
  listenAddressIn,
  startProcess,
  type RunningProcess,
} from '@ghostpost/test-kit/processes/start-process'
import { obtainRelease, previousRelease, type Obtained } from '../../src/upgrade/previous-release.ts'
import { startCallers, type SteadyCallers } from '../../src/upgrade/steady-callers.ts'

const repository = join(import.meta.dirname, '../../../..')
const databaseName = `ghostpost_upgrade_${process.pid}`
const running: RunningProcess[] = []
let previous: Obtained
let receiver: Receiver
let server: Client
let database: Client
let session: string

beforeAll(async () => {
  previous = await obtainRelease(previousRelease)
  if ('missing' in previous) return console.warn(`Skipped: ${previous.missing}.`)
  receiver = await startReceiver()
  server = new Client({ connectionString: testStoreUrl('GHOSTPOST_TEST_DATABASE_URL') })
  await server.connect()
  await server.query(`create database ${databaseName}`)
  database = new Client({ connectionString: databaseUrl() })
  await database.connect()
}, 300_000)

afterAll(async () => {
  if ('missing' in previous) return
  await Promise.all(running.map((one) => one.stop()))
  await receiver.stop()
  await database.end()
  await server.query(`drop database ${databaseName} with (force)`)
  await server.end()
})

function databaseUrl(): string {
  const url = new URL(testStoreUrl('GHOSTPOST_TEST_DATABASE_URL'))
  url.pathname = databaseName
  return url.href
}

const queue = createTestQueueName()
/** Only settings that the previous release knows, because it refuses unknown ones. */
const settings = (): Record<string, string> => ({
  DATABASE_URL: databaseUrl(),
  QUEUE_URL: queue.url,
  GHOSTPOST_QUEUE_PREFIX: queue.prefix,
  GHOSTPOST_PORT: '0',
  GHOSTPOST_COOKIE_SECURE: 'false',
  GHOSTPOST_MAX_LOOP_DELAY_MS: '0',
  GHOSTPOST_SWEEP_INTERVAL_MS: '500',
  GHOSTPOST_SWEEP_AFTER_MS: '2000',
  GHOSTPOST_BREAKER_FAILURES: '0',
  GHOSTPOST_RETRY_SCHEDULE: '0s 200ms 400ms 400ms 1h',
  GHOSTPOST_ALLOWED_ADDRESSES: `127.0.0.1/32:${receiver.port}`,
  GHOSTPOST_SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
})

interface App extends RunningProcess {
  name: string
  address: string
}

async function start(app: 'api' | 'worker', folder: string, name: string): Promise<App> {
  // Its callers are drained before it stops. The previous release does not know the setting.
  const drain = folder === repository ? { GHOSTPOST_DRAIN_MS: '0' } : {}
  const started = await startProcess(join(folder, `apps/${app}/src/main.ts`), { ...settings(), ...drain })
  running.push(started)
  const address =
    app === 'api' ? await waitUntil('the API listens', () => listenAddressIn(started.output())) : ''
  return { ...started, name, address }
}

/** Runs a release's migrations and returns the output. */
async function migrate(folder: string): Promise<string> {
  // 1.0.0 has the command beside the API's main program.
  const files = ['apps/api/src/commands/migrate.ts', 'apps/api/src/migrate.ts'].map((file) =>
    join(folder, file),
  )
  return startProcess(files.find(existsSync) ?? '', settings()).then(
    () => '',
    // The command sends no ready message, so the error contains its output.
    (error: Error) => error.message,
  )
}

async function fill(folder: string): Promise<void> {
  await database.query(readFileSync(join(folder, 'prisma/seed.sql'), 'utf8'))
  const user = randomUUID()
  session = newSessionToken()
  await database.query(
    `insert into users (id, email, name, password_hash) values ($1, 'up@example.test', 'Up', '-')`,
    [user],
  )
  await database.query(`insert into memberships (user_id, site_id, role) values ($1, 4, 'admin')`, [user])
  await database.query(
    `insert into sessions (token_hash, user_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
    [hashSessionToken(session), user],
  )
}

/** A destination with sealed secrets, as the previous release saved it. */
async function saveDestination({ address }: App): Promise<string> {
  const response = await fetch(`${address}/api/destinations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `session=${session}` },
    body: JSON.stringify({
      name: 'Saved before',
      webhook_type: 'custom',
      webhook_url: `${receiver.url}saved`,
    }),
  })
  return ((await response.json()) as { destination: { id: string } }).destination.id
}

/** Refuses every tenth delivery once, so that another release may make its next attempt. */
function refuseSomeOnce(): void {
  const seen = new Set<string>()
  receiver.always((request, response) => {
    const id = String(request.headers['webhook-id'])
    const first = !seen.has(id)
    seen.add(id)
    return respond(first && seen.size % 10 === 0 ? 503 : 200)(request, response)
  })
}

const attemptedBy = ({ output }: RunningProcess): Set<string> =>
  new Set(
    [...output().matchAll(/"event":"delivery_attempted","delivery_id":"([^"]+)"/g)].map(([, id]) => id ?? ''),
  )

async function acceptMore(callers: SteadyCallers, count: number, api?: App): Promise<void> {
  const accepted = (): number => callers.results.filter(({ api: by }) => !api || by === api.name).length
  const from = accepted()
  await waitUntil(`${count} more calls are accepted`, () => accepted() >= from + count)
}

test('a rolling upgrade and downgrade lose and fail no request', async (context: TestContext) => {
  if ('missing' in previous) return context.skip(previous.missing)
  const before = previous.folder
  expect(await migrate(before)).toContain('migrations applied')
  await fill(before)
  refuseSomeOnce()

  const oldApi = await start('api', before, 'old')
  const oldWorker = await start('worker', before, 'old')
  const saved = await saveDestination(oldApi)
  const callers = startCallers(session, (number) => ({
    ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
    ...(number % 2 === 0
      ? { destination_id: saved }
      : { webhook_url: `${receiver.url}hooks`, webhook_type: 'custom' }),
  }))
  callers.add(oldApi)
  await acceptMore(callers, 40)

  // Expand: only the old release runs, on the new schema.
  expect(await migrate(repository)).toMatch(/migrations applied|up to date/)
  await acceptMore(callers, 40)

  // Both releases run.
  const newApi = await start('api', repository, 'new')
  const newWorker = await start('worker', repository, 'new')
  callers.add(newApi)
  await acceptMore(callers, 40, newApi)
  await waitUntil('the new worker has made 20 attempts', () => attemptedBy(newWorker).size >= 20)

  // Only the new release runs.
  await callers.drain('old')
  expect([await oldApi.stop(), await oldWorker.stop()]).toEqual([0, 0])
  await acceptMore(callers, 40)

  // Downgrade: the previous release starts on the migrated database.
  const backApi = await start('api', before, 'back')
  await start('worker', before, 'back')
  callers.add(backApi)
  await acceptMore(callers, 20, backApi)
  await callers.drain('new')
  expect([await newApi.stop(), await newWorker.stop()]).toEqual([0, 0])
  await acceptMore(callers, 40)
  await callers.stop()

  const { results } = callers
  expect(
    results.filter(({ status, deliveryId }) => ![200, 202].includes(status) || deliveryId === null),
  ).toEqual([])
  const ids = results.map(({ deliveryId }) => deliveryId ?? '')
  expect(new Set(ids).size).toBe(ids.length)
  await waitUntil('all are delivered', async () => {
    const { rows } = await database.query<{ count: number }>(
      `select count(*)::int as count from deliveries where id = any($1) and state = 'delivered'`,
      [ids],
    )
    return rows[0]?.count === ids.length
  })
  const received = new Map<string, number>()
  for (const { headers } of receiver.requests)
    received.set(String(headers['webhook-id']), (received.get(String(headers['webhook-id'])) ?? 0) + 1)
  const { rows: attempts } = await database.query<{ id: string; attempts: number }>(
    // The migration of a table that 1.0.0 reads makes its prepared statements fail once: the claim then expires.
    `select
       d.id,
       (select count(*) from attempts a where a.delivery_id = d.id and a.outcome <> 'interrupted')::int as attempts
     from deliveries d
     where d.id = any($1)`,
    [ids],
  )
  expect(attempts.filter(({ id, attempts: count }) => received.get(id) !== count)).toEqual([])
}, 240_000)

test('the previous release’s migrations still exist, unchanged', (context: TestContext) => {
  if ('missing' in previous) return context.skip(previous.missing)
  const { folder } = previous
  const changed = globSync('prisma/migrations/*/migration.sql', { cwd: folder }).filter(
    (path) => readFileSync(join(folder, path), 'utf8') !== readFileSync(join(repository, path), 'utf8'),
  )
  expect(changed).toEqual([])
})
