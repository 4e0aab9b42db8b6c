import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase, type Database } from '@ghostpost/infrastructure/database/connection'
import { migrate } from '@ghostpost/infrastructure/database/upkeep'
import { freePort } from '@ghostpost/local-services'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { openBalancer, type Balancer } from '@ghostpost/test-kit/processes/balancer'
import { entryOf, startProcess, type RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import type { Interruption, ResendRecord } from '../history/history.ts'
import { recordMoves } from '../history/record-moves.ts'
import { startChaosReceiver, type ChaosReceiver } from './chaos-receiver.ts'
import { postgresUnderTest, redisUnderTest, type StoreUnderTest } from './stores.ts'

/** The system under test: two APIs, two workers, both stores behind fault proxies, and a receiver that records all. */
export interface World {
  apis: readonly Slot[]
  workers: readonly Slot[]
  postgres: StoreUnderTest
  redis: StoreUnderTest
  receiver: ChaosReceiver
  /** Chooses a ready API for each call. */
  balancer: Balancer
  session: string
  /** Bounds of a fault's duration in milliseconds. */
  faultMs: FaultDuration
  /** Direct connection to the database, without the proxy. */
  database: () => Database
  reopenDatabase: () => Promise<void>
  /** The deliveries that were sent again on request. */
  resends: ResendRecord[]
  interruptions: readonly Interruption[]
  /** Runs a fault that interrupts workers, and notes when. */
  interrupting: (work: () => Promise<void>) => Promise<void>
  /** Number of jobs that faults have removed from the queue. */
  lostJobs: number
  stop: () => Promise<void>
}

interface FaultDuration {
  min: number
  max: number
}

/** A process that can be ended and replaced. */
export interface Slot {
  name: string
  /** Address of an API; empty for a worker. */
  address: string
  process: () => RunningProcess
  start: () => Promise<void>
}

const settings = {
  // One of the faults lets the clocks pass the end of winter time here.
  TZ: 'Europe/Berlin',
  GHOSTPOST_LOG_LEVEL: 'warn',
  GHOSTPOST_COOKIE_SECURE: 'false',
  GHOSTPOST_METRICS_PORT: '0',
  GHOSTPOST_WORKER_PORT: '0',
  // All load comes from one address and one session.
  GHOSTPOST_RATE_LIMIT_IP: '0',
  GHOSTPOST_RATE_LIMIT_SESSION: '0',
  GHOSTPOST_CONNECT_TIMEOUT_MS: '1000',
  GHOSTPOST_ANSWER_TIMEOUT_MS: '1500',
  GHOSTPOST_ATTEMPT_TIMEOUT_MS: '2000',
  GHOSTPOST_CLAIM_MS: '4000',
  GHOSTPOST_LOCK_MS: '3000',
  GHOSTPOST_SWEEP_INTERVAL_MS: '500',
  GHOSTPOST_SWEEP_AFTER_MS: '2000',
  GHOSTPOST_STOP_TIMEOUT_MS: '20000',
  GHOSTPOST_DRAIN_MS: '1500',
  GHOSTPOST_RETRY_SCHEDULE: `0s 200ms 500ms 1s 1s 2s 2s${' 3s'.repeat(40)}`,
}

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const clockStep = fileURLToPath(new URL('clock-step.ts', import.meta.url))

const pollMs = 150

/** Creates the folder of one run's stores. */
export function createRunFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ghostpost-chaos-'))
}

/**
 * Starts the system on its own ports.
 * @param folder for the stores; removed when the system stops
 */
export async function startWorld(folder: string, faultMs: FaultDuration): Promise<World> {
  const postgres = await postgresUnderTest(folder)
  const redis = await redisUnderTest(folder)
  await migrate(postgres.directUrl(), join(repository, 'prisma/migrations'), () => {})
  let database = openSuiteDatabase(postgres.directUrl())
  await database.pool.query(await readFile(join(repository, 'prisma/seed.sql'), 'utf8'))
  await recordMoves(database)
  const user = await createUser(database, [4])
  const session = await createSessionToken(database, user.id)
  const receiver = await startChaosReceiver()
  const environment = {
    ...settings,
    DATABASE_URL: postgres.url,
    QUEUE_URL: redis.url,
    GHOSTPOST_ALLOWED_ADDRESSES: receiver.ports.map((port) => `127.0.0.1/32:${port}`).join(' '),
  }
  const apis = await Promise.all(['api 1', 'api 2'].map((name) => openSlot(name, 'api', environment)))
  const workers = await Promise.all(
    ['worker 1', 'worker 2'].map((name) => openSlot(name, 'worker', environment)),
  )
  const balancer = openBalancer(() => apis.map(({ address }) => address), pollMs)
  const interruptions: Interruption[] = []
  return {
    resends: [],
    interruptions,
    lostJobs: 0,
    interrupting: (work) => noteInterruption(interruptions, work),
    apis,
    workers,
    balancer,
    faultMs,
    postgres,
    redis,
    receiver,
    session,
    database: () => database,
    reopenDatabase: async () => {
      await database.close().catch(() => {})
      database = openSuiteDatabase(postgres.directUrl())
    },
    stop: async () => {
      await balancer.stop()
      await Promise.all([...apis, ...workers].map((slot) => slot.process().stop()))
      await database.close()
      await receiver.stop()
      await Promise.all([postgres.stop(), redis.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function noteInterruption(interruptions: Interruption[], work: () => Promise<void>): Promise<void> {
  const from = performance.now()
  try {
    await work()
  } finally {
    interruptions.push({ from, to: performance.now() })
  }
}

function openSuiteDatabase(url: string): Database {
  return openDatabase({
    url,
    poolMax: 3,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 60_000,
    applicationName: 'chaos',
    onIdleError: () => {},
  })
}

async function openSlot(
  name: string,
  app: 'api' | 'worker',
  environment: Readonly<Record<string, string>>,
): Promise<Slot> {
  const port = app === 'api' ? await freePort() : 0
  const start = (): Promise<RunningProcess> =>
    startProcess(entryOf(app), { ...environment, GHOSTPOST_PORT: String(port) }, [clockStep])
  let running = await start()
  return {
    name,
    address: app === 'api' ? `http://127.0.0.1:${port}` : '',
    process: () => running,
    start: async () => void (running = await start()),
  }
}
