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
  /** Session token of `user`, who may access site 4. */
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

/** Value of GHOSTPOST_SECRET_KEYS. */
export const secretKeys = `test:${Buffer.alloc(32, 7).toString('base64')}`

/**
 * Short intervals, so that tests wait less. Deadlines of work are long enough for a busy machine: a test of a deadline
 * sets a shorter one.
 */
const testSettings: StackSettings = {
  GHOSTPOST_PORT: '0',
  // Stacks run at the same time, so each process takes a free port.
  GHOSTPOST_METRICS_PORT: '0',
  GHOSTPOST_WORKER_PORT: '0',
  GHOSTPOST_COOKIE_SECURE: 'false',
  GHOSTPOST_WAIT_MS: '20000',
  // Tests share few cores, so load shedding is off; its own tests turn it on.
  GHOSTPOST_MAX_LOOP_DELAY_MS: '0',
  GHOSTPOST_CONNECT_TIMEOUT_MS: '4000',
  GHOSTPOST_ANSWER_TIMEOUT_MS: '5000',
  GHOSTPOST_ATTEMPT_TIMEOUT_MS: '6000',
  GHOSTPOST_CLAIM_MS: '8000',
  GHOSTPOST_LOCK_MS: '5000',
  GHOSTPOST_SWEEP_INTERVAL_MS: '300',
  GHOSTPOST_SWEEP_AFTER_MS: '1000',
  GHOSTPOST_STOP_TIMEOUT_MS: '20000',
  GHOSTPOST_DRAIN_MS: '0',
  GHOSTPOST_ALERT_INTERVAL_MS: '200',
  // Failing and healthy receivers share a host, so the breaker is off; its own tests turn it on.
  GHOSTPOST_BREAKER_FAILURES: '0',
  GHOSTPOST_RETRY_SCHEDULE: '0s 300ms 400ms 1h',
  GHOSTPOST_SECRET_KEYS: secretKeys,
  GHOSTPOST_SEAL_URLS: 'true',
}

/** Value of QUEUE_URL that puts the queue on the stack's own Postgres. */
export const queueOnPostgres = 'postgres:on-its-database'

/**
 * Starts the real API and worker processes on their own database, queue prefix and receiver.
 * @throws when a process does not start; nothing of the stack is left then
 */
export async function startStack(settings: StackSettings = {}, workerCount = 1): Promise<Stack> {
  const parts = await openParts()
  const running: Promise<RunningProcess>[] = []
  const start: StartApp = (app, extra = {}, preload = []) => {
    const environment = environmentOf(parts, { ...settings, ...extra })
    const started = startProcess(entryOf(app, preload), environment, preload)
    running.push(started)
    return started
  }
  const startApi: Stack['startApi'] = async (extra, preload) => {
    const api = await start('api', extra, preload)
    return { ...api, address: await waitUntil('the API listens', () => listenAddressIn(api.output())) }
  }
  const stop = async (): Promise<void> => {
    await Promise.allSettled(running.map(async (one) => (await one).stop()))
    await parts.receiver.stop()
    await parts.database.drop()
  }
  try {
    const starting = Array.from({ length: workerCount }, () => start('worker'))
    const [api, workers] = await Promise.all([startApi(), Promise.all(starting)])
    return {
      ...parts,
      api: api.address,
      apiProcess: api,
      workers,
      startApi,
      startWorker: (extra, preload) => start('worker', extra, preload),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

type StartApp = (
  app: 'api' | 'worker',
  extra?: StackSettings,
  preload?: readonly string[],
) => Promise<RunningProcess>
type StackParts = Pick<Stack, 'database' | 'receiver' | 'user' | 'session' | 'queue'>

async function openParts(): Promise<StackParts> {
  const database = await createTestDatabase()
  const receiver = await startReceiver()
  const user = await createUser(database, [4])
  const session = await createSessionToken(database, user.id)
  return { database, receiver, user, session, queue: createTestQueueName() }
}

function environmentOf({ database, queue, receiver }: StackParts, settings: StackSettings): StackSettings {
  return {
    ...testSettings,
    DATABASE_URL: database.url,
    QUEUE_URL: queue.url,
    GHOSTPOST_QUEUE_PREFIX: queue.prefix,
    GHOSTPOST_ALLOWED_ADDRESSES: `127.0.0.1/32:${receiver.port}`,
    ...settings,
    ...(settings['QUEUE_URL'] === queueOnPostgres && { QUEUE_URL: database.url }),
  }
}
