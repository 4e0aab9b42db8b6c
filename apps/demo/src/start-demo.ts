import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildDashboard } from '@ghostpost/dashboard/build'
import { lockFolder, obtainPostgres, obtainRedis, type LocalService } from '@ghostpost/local-services'
import { prepareDatabase, signIn } from './demo-account.ts'
import { demoEnvironment } from './demo-environment.ts'
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
  /** Resolves with the name of a process that exited unexpectedly. */
  processEnded: Promise<string>
  stop: () => Promise<void>
}

interface Stoppable {
  stop: () => Promise<void>
}

/** Default port of `ghostpost listen`: the demo may send to it. */
const listenerPort = 4099

/**
 * Starts all parts of the demo in order, on this machine only. `stop` stops them in reverse order. When a step fails or
 * `stopRequested` resolves first, stops what was started and throws.
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
    throw new Error('Stopped before the demo was ready.')
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
  await runStep('database: migrations and demo data', (log) => fillDatabase(postgres.url, repository, log))

  const ports = await choosePorts(process.env)
  const inbox = await runStep('inbox: a local receiver', () => startInbox(ports.inbox))
  started.push(inbox)

  const secretKeys = await obtainSecretKey(join(data, 'secret-keys'))
  const defaults = defaultsOf(ports, secretKeys)
  const stores = { databaseUrl: postgres.url, queueUrl: redis?.url ?? postgres.url }
  const environment = demoEnvironment(process.env, stores, defaults)
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
    'BullMQ on the same Postgres, because no Redis was found; slower, for demonstrations only'
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

/** The demo's own settings. */
function defaultsOf(ports: DemoPorts, secretKeys: string): Record<string, string> {
  return {
    GHOSTPOST_PORT: String(ports.api),
    GHOSTPOST_METRICS_PORT: String(ports.metrics),
    GHOSTPOST_WORKER_PORT: String(ports.worker),
    GHOSTPOST_SECRET_KEYS: secretKeys,
    // The address of the documented example, so that payloads look as in the documents.
    GHOSTPOST_PUBLIC_URL: 'https://analytics.ghostid.ai',
    GHOSTPOST_DASHBOARD_URL: `http://127.0.0.1:${ports.api}/ops`,
    GHOSTPOST_SEAL_URLS: 'true',
    // curl does not send a Secure cookie over plain HTTP, and the demo has no HTTPS.
    GHOSTPOST_COOKIE_SECURE: 'false',
    // There is no load balancer that must notice the shutdown first.
    GHOSTPOST_DRAIN_MS: '0',
    GHOSTPOST_ALLOWED_ADDRESSES: `127.0.0.1/32:${ports.inbox} 127.0.0.1/32:${listenerPort}`,
  }
}

/** The encryption key of stored secrets: created once and stored beside the data. */
async function obtainSecretKey(file: string): Promise<string> {
  const stored = await readFile(file, 'utf8').catch(() => null)
  if (stored !== null) return stored
  const created = `demo:${randomBytes(32).toString('base64')}`
  await writeFile(file, created, { mode: 0o600 })
  return created
}

/** Writes the file for scripts. It contains a session: only the owner can read it, and stopping the demo removes it. */
async function writeDevFile(file: string, record: object, started: Stoppable[]): Promise<void> {
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
  started.push({ stop: () => rm(file, { force: true }) })
}

function firstToExit(processes: readonly DemoProcess[]): Promise<string> {
  return Promise.race(processes.map(async (one) => one.exited.then(() => one.name)))
}
