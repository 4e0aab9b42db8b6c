import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildDashboard } from '@ghostpost/dashboard/build'
import { lockFolder, obtainPostgres, obtainRedis, type LocalService } from '@ghostpost/local-services'
import { prepareDatabase, signIn } from './demo-account.ts'
import { startInbox } from './inbox.ts'
import { choosePorts, type DemoPorts } from './choose-port.ts'
import { startProcess, type DemoProcess } from './start-process.ts'
import { runStep, type StepLog } from './run-step.ts'

export interface Demo {
  api: string
  dashboard: string
  inbox: string
  session: string
  queue: string
  /** Resolves with the name of a process that ended although nobody asked it to. */
  processEnded: Promise<string>
  stop: () => Promise<void>
}

interface Stoppable {
  stop: () => Promise<void>
}

/** Where `ghostpost listen` is unless it is told otherwise: so the first receiver of one's own works, too. */
const listenerPort = 4099

/**
 * Starts everything a first look needs, one step after the other, on this machine alone. What was started is stopped
 * in reverse order, also when a later step fails or `asked` comes first.
 */
export async function startDemo(
  repository: string,
  data: string,
  stopRequested: Promise<unknown>,
): Promise<Demo> {
  const started: Stoppable[] = []
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).toReversed()) await part.stop()
  }
  const interrupted = stopRequested.then(() => {
    throw new Error('Stopped before it was ready.')
  })
  try {
    return await Promise.race([startParts(repository, data, started, stop), interrupted])
  } catch (error) {
    await stop()
    throw error
  }
}

async function startParts(
  repository: string,
  data: string,
  started: Stoppable[],
  stop: () => Promise<void>,
): Promise<Demo> {
  await mkdir(join(data, 'logs'), { recursive: true })
  const lock = await lockFolder(join(data, 'start.lock'))
  started.push({ stop: () => lock.release() })

  const { postgres, redis } = await startStores(data, started)
  await runStep('database: tables and demonstration data', (log) =>
    fillDatabase(postgres.url, repository, log),
  )

  const ports = await choosePorts(process.env)
  const inbox = await runStep('inbox: a local receiver', () => startInbox(ports.inbox))
  started.push(inbox)

  const secretKeys = await obtainSecretKey(join(data, 'secret-keys'))
  const environment = environmentOf(postgres.url, redis?.url ?? postgres.url, ports, secretKeys)
  await runStep('dashboard', () => buildDashboard())
  const worker = await runStep('worker', () => startProcess('worker', repository, data, environment))
  started.push(worker)
  const api = await runStep('api', () => startProcess('api', repository, data, environment))
  started.push(api)

  const address = `http://127.0.0.1:${ports.api}`
  const dashboard = `${address}/ops`
  const session = await runStep('demo sign-in', () => signIn(address))
  const pids = {
    demo: process.pid,
    api: api.pid,
    worker: worker.pid,
    postgres: postgres.pids,
    redis: redis?.pids ?? [],
  }
  await writeDevFile(
    join(data, 'dev.json'),
    { api: address, dashboard, receiver: inbox.url, session, pids },
    started,
  )
  const queue =
    redis?.description ??
    'BullMQ on the same Postgres, as no Redis could be had; slower, for a first look only'
  return {
    api: address,
    dashboard,
    inbox: inbox.url,
    session,
    queue,
    processEnded: firstToExit([api, worker]),
    stop,
  }
}

async function startStores(
  data: string,
  started: Stoppable[],
): Promise<{ postgres: LocalService; redis: LocalService | undefined }> {
  const postgres = await runStep('postgres', (log) =>
    obtainPostgres({ dataDir: join(data, 'postgres'), env: process.env, log, durable: true }),
  )
  started.push(postgres)
  const redis = await runStep('redis', (log) =>
    obtainRedis({
      dataDir: join(data, 'redis'),
      unpackDir: join(data, 'redis-binaries'),
      env: process.env,
      log,
    }),
  )
  if (redis) started.push(redis)
  return { postgres, redis }
}

async function fillDatabase(url: string, repository: string, log: StepLog): Promise<void> {
  const applied = await prepareDatabase(url, repository, log)
  if (applied.length > 0) log(`applied ${applied.join(', ')}`)
}

function environmentOf(
  databaseUrl: string,
  queueUrl: string,
  ports: DemoPorts,
  secretKeys: string,
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    QUEUE_URL: queueUrl,
    GHOSTPOST_PORT: String(ports.api),
    GHOSTPOST_METRICS_PORT: String(ports.metrics),
    GHOSTPOST_WORKER_PORT: String(ports.worker),
    GHOSTPOST_SECRET_KEYS: secretKeys,
    GHOSTPOST_SEAL_URLS: 'true',
    // curl keeps a Secure cookie from plain http, and the demo speaks nothing else.
    GHOSTPOST_COOKIE_SECURE: 'false',
    // There is no load balancer to be told.
    GHOSTPOST_DRAIN_MS: '0',
    GHOSTPOST_ALLOWED_ADDRESSES: `127.0.0.1/32:${ports.inbox} 127.0.0.1/32:${listenerPort}`,
  }
}

/** The key of saved destinations' secrets: made once, kept beside the data it opens. */
async function obtainSecretKey(file: string): Promise<string> {
  const stored = await readFile(file, 'utf8').catch(() => null)
  if (stored !== null) return stored
  const created = `demo:${randomBytes(32).toString('base64')}`
  await writeFile(file, created, { mode: 0o600 })
  return created
}

/** For scripts; holds a live session, so it is the owner's alone, and goes away with the demo. */
async function writeDevFile(file: string, record: object, started: Stoppable[]): Promise<void> {
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
  started.push({ stop: () => rm(file, { force: true }) })
}

function firstToExit(processes: readonly DemoProcess[]): Promise<string> {
  return Promise.race(processes.map(async (one) => one.exited.then(() => one.name)))
}
