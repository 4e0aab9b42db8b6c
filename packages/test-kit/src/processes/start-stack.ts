import { createSessionToken, createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { startReceiver, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { createTestDatabase, createTestQueueName, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { listenAddressIn, entryOf, startProcess, type RunningProcess } from './start-process.ts'

export interface Stack {
  /** Base address of the API. */
  api: string
  database: TestDatabase
  receiver: Receiver
  user: TestUser
  /** A live session of `user`, who reaches site 4. */
  session: string
  queue: { url: string; prefix: string }
  workers: RunningProcess[]
  /** @param preload modules loaded before it */
  startWorker: (settings?: StackSettings, preload?: readonly string[]) => Promise<RunningProcess>
  /** @param preload modules loaded before it */
  startApi: (
    settings?: StackSettings,
    preload?: readonly string[],
  ) => Promise<RunningProcess & { address: string }>
  apiProcess: RunningProcess
  stop: () => Promise<void>
}

export type StackSettings = Readonly<Record<string, string>>

/** As GHOSTPOST_SECRET_KEYS. */
export const secretKeys = `test:${Buffer.alloc(32, 7).toString('base64')}`

/** Short deadlines: the same code paths, without making the tests wait. */
const quickSettings: StackSettings = {
  GHOSTPOST_PORT: '0',
  // Stacks run side by side; what reads metrics chooses free ports.
  GHOSTPOST_METRICS_PORT: '0',
  GHOSTPOST_WORKER_PORT: '0',
  GHOSTPOST_COOKIE_SECURE: 'false',
  GHOSTPOST_WAIT_MS: '8000',
  // Tests share few cores; those on shedding set their own.
  GHOSTPOST_MAX_LOOP_DELAY_MS: '0',
  GHOSTPOST_CONNECT_TIMEOUT_MS: '700',
  GHOSTPOST_ANSWER_TIMEOUT_MS: '1000',
  GHOSTPOST_ATTEMPT_TIMEOUT_MS: '1500',
  GHOSTPOST_CLAIM_MS: '2500',
  GHOSTPOST_LOCK_MS: '1500',
  GHOSTPOST_SWEEP_INTERVAL_MS: '300',
  GHOSTPOST_SWEEP_AFTER_MS: '1000',
  GHOSTPOST_STOP_TIMEOUT_MS: '5000',
  GHOSTPOST_DRAIN_MS: '0',
  GHOSTPOST_ALERT_INTERVAL_MS: '200',
  // Receivers that are told to fail share a host; what the breaker does has a test of its own.
  GHOSTPOST_BREAKER_FAILURES: '0',
  GHOSTPOST_RETRY_SCHEDULE: '0s 300ms 400ms 1h',
  GHOSTPOST_SECRET_KEYS: secretKeys,
  GHOSTPOST_SEAL_URLS: 'true',
}

/** As QUEUE_URL: the queue stands on the stack's own Postgres. */
export const queueOnPostgres = 'postgres:on-its-database'

/** Starts the real API and worker processes on a database, a queue prefix and a receiver of their own. */
export async function startStack(settings: StackSettings = {}, workerCount = 1): Promise<Stack> {
  const database = await createTestDatabase()
  const queue = createTestQueueName()
  const receiver = await startReceiver()
  const user = await createUser(database, [4])
  const session = await createSessionToken(database, user.id)
  const running: RunningProcess[] = []
  const environment = (extra: StackSettings): StackSettings => ({
    ...quickSettings,
    DATABASE_URL: database.url,
    QUEUE_URL: queue.url,
    GHOSTPOST_QUEUE_PREFIX: queue.prefix,
    GHOSTPOST_ALLOWED_ADDRESSES: `127.0.0.1/32:${receiver.port}`,
    ...settings,
    ...(settings['QUEUE_URL'] === queueOnPostgres && { QUEUE_URL: database.url }),
    ...extra,
  })
  const start = async (
    app: 'api' | 'worker',
    extra: StackSettings = {},
    preload: readonly string[] = [],
  ): Promise<RunningProcess> => {
    const started = await startProcess(entryOf(app), environment(extra), preload)
    running.push(started)
    return started
  }
  const startApi: Stack['startApi'] = async (extra, preload) => {
    const api = await start('api', extra, preload)
    return { ...api, address: await waitUntil('the API listens', () => listenAddressIn(api.output())) }
  }
  const api = await startApi()
  const workers = await Promise.all(Array.from({ length: workerCount }, () => start('worker')))
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.stop()))
    await receiver.stop()
    await database.drop()
  }
  const startWorker: Stack['startWorker'] = (extra, preload) => start('worker', extra, preload)
  return {
    api: api.address,
    database,
    receiver,
    user,
    session,
    queue,
    workers,
    startWorker,
    startApi,
    apiProcess: api,
    stop,
  }
}
