import { randomUUIDv7 } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, createTestQueueName, type TestDatabase } from '@ghostpost/test-kit/test-database'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { startProgram } from '../programs.ts'
import { openQueueControl } from '../queue-control.ts'
import { profileEnvironment, type Bench, type CallableInstallation, type Contender } from './contender.ts'
import { countDelivered, fillDatabase } from './fill-database.ts'

export interface PlainJob {
  deliveryId: string
  visitorId: string
  webhookUrl: string
}

const workerProgram = fileURLToPath(new URL('plain-worker-program.ts', import.meta.url))
const apiProgram = fileURLToPath(new URL('plain-api-program.ts', import.meta.url))

export const plain: Contender = { name: 'plain', open: openPlain }

/** The plain program on its own database and queue. */
export async function openPlain(bench: Bench): Promise<CallableInstallation> {
  const database = await createTestDatabase()
  await dropExtraIndexes(database)
  const user = await createUser(database, [4])
  const { url, prefix } = createTestQueueName()
  const queue = openQueueControl(url, prefix, 'plain')
  const session = await createSessionToken(database, user.id)
  const workers: RunningProcess[] = []
  const apis: RunningProcess[] = []
  const environment = {
    BENCH_DATABASE_URL: database.url,
    BENCH_REDIS_URL: url,
    BENCH_PREFIX: prefix,
    ...profileEnvironment(bench),
  }
  return {
    queue,
    session,
    databaseUrl: database.url,
    fill: async (count, kind) => {
      const webhookUrl = bench.receiver.urls[kind]
      const rows = await fillDatabase(database, { count, webhookUrl, userId: user.id, newId: randomUUIDv7 })
      const options = { attempts: 10, backoff: { type: 'exponential', delay: 1_000 }, removeOnComplete: true }
      await queue.addAll(rows.map((row) => ({ data: { ...row, webhookUrl } satisfies PlainJob, options })))
    },
    startWorkers: async (count) => {
      workers.push(
        ...(await Promise.all(Array.from({ length: count }, () => startProgram(workerProgram, environment)))),
      )
    },
    startApi: async () => {
      const started = await startProgram(apiProgram, environment)
      apis.push(started)
      return { process: started, address: (started.readyMessage as { address: string }).address }
    },
    workers: () => workers,
    delivered: () => countDelivered(database),
    stop: async () => {
      await Promise.all([...workers, ...apis].map((one) => one.stop()))
      await queue.close()
      await database.drop()
    },
  }
}

/** Drops Ghostpost's indexes: a plain program has none, so it must not pay for them. */
async function dropExtraIndexes({ pool }: TestDatabase): Promise<void> {
  const { rows } = await pool.query<{ indexname: string }>(
    `select indexname
     from pg_indexes
     where tablename = 'deliveries'
       and indexname not in ('deliveries_pkey', 'deliveries_site_id_id_idx')`,
  )
  for (const { indexname } of rows) await pool.query(`drop index "${indexname}"`)
}
