import { randomUUIDv7 } from 'node:crypto'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, createTestQueueName, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { listenAddressIn, entryOf, type RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { startProgram } from '../programs.ts'
import { openQueueControl } from '../queue-control.ts'
import { profileEnvironment, type Bench, type Contender, type CallableInstallation } from './contender.ts'
import { countDelivered, fillDatabase } from './fill-database.ts'

/** Ghostpost with its own programs and default settings. */
export interface GhostpostInstallation extends CallableInstallation {
  database: TestDatabase
  stopWorkers: () => Promise<void>
}

const ownSettings = {
  // Several processes run at the same time.
  GHOSTPOST_PORT: '0',
  GHOSTPOST_METRICS_PORT: '0',
  GHOSTPOST_WORKER_PORT: '0',
  GHOSTPOST_DRAIN_MS: '0',
  GHOSTPOST_COOKIE_SECURE: 'false',
  // Counted but never reached: all calls come from few addresses and sessions.
  GHOSTPOST_RATE_LIMIT_IP: '10000000',
  GHOSTPOST_RATE_LIMIT_SESSION: '10000000',
}

export const ghostpost: Contender = { name: 'ghostpost', open: openGhostpost }

/**
 * @param settings in addition to the defaults
 * @param preload modules loaded before its programs
 */
export async function openGhostpost(
  bench: Bench,
  settings: Readonly<Record<string, string>> = {},
  preload: readonly string[] = [],
): Promise<GhostpostInstallation> {
  const database = await createTestDatabase()
  const user = await createUser(database, [4])
  const session = await createSessionToken(database, user.id)
  const { url, prefix } = createTestQueueName()
  const queue = openQueueControl(url, `{${prefix}}`, 'lane-live')
  const workers: RunningProcess[] = []
  const apis: RunningProcess[] = []
  const environment = {
    DATABASE_URL: database.url,
    QUEUE_URL: url,
    GHOSTPOST_QUEUE_PREFIX: prefix,
    ...ownSettings,
    GHOSTPOST_ALLOWED_ADDRESSES: bench.receiver.ports.map((port) => `127.0.0.1/32:${port}`).join(' '),
    ...settings,
  }
  const start = (app: 'api' | 'worker'): Promise<RunningProcess> =>
    startProgram(entryOf(app, preload), { ...environment, ...profileEnvironment(bench) }, preload)
  return {
    queue,
    session,
    database,
    databaseUrl: database.url,
    fill: async (count, kind) => {
      const webhookUrl = bench.receiver.urls[kind]
      const rows = await fillDatabase(database, { count, webhookUrl, userId: user.id, newId: randomUUIDv7 })
      const budget = `host:${new URL(webhookUrl).host}`
      await queue.addAll(
        rows.map(({ deliveryId }) => ({
          data: { budget },
          options: { jobId: `${deliveryId}-0` },
        })),
      )
    },
    startWorkers: async (count) => {
      workers.push(...(await Promise.all(Array.from({ length: count }, () => start('worker')))))
    },
    startApi: async () => {
      const process = await start('api')
      apis.push(process)
      return { process, address: await waitUntil('the API listens', () => listenAddressIn(process.output())) }
    },
    stopWorkers: async () => void (await Promise.all(workers.splice(0).map((worker) => worker.stop()))),
    workers: () => workers,
    delivered: () => countDelivered(database),
    stop: async () => {
      await Promise.all([...workers, ...apis].map((one) => one.stop()))
      await queue.close()
      await database.drop()
    },
  }
}
