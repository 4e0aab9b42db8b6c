import { createConnection } from 'node:net'
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RedisBinaries } from './unpack-redis.ts'
import type { LocalService, ProgressLog } from './local-service.ts'
import { freePort } from './ports.ts'
import { endProcess, isAlive, workingFolder } from './processes.ts'
import { startServer } from './start-server.ts'

export interface RedisOptions {
  dataDir: string
  binaries: RedisBinaries
  /** True keeps the data over a restart. */
  appendOnly?: boolean
  /** A fixed port; a free one by default. */
  port?: number
  /** Further directives of redis.conf. */
  settings?: Readonly<Record<string, string>>
  log?: ProgressLog
}

const stopMaxMs = 10_000

/** Starts a private Redis on a free port of the loopback address. It evicts no keys: a queue must not lose jobs. */
export async function startRedis(options: RedisOptions): Promise<LocalService> {
  const { dataDir, binaries, appendOnly = false, log = () => {} } = options
  await mkdir(dataDir, { recursive: true })
  const pidFile = join(dataDir, 'redis.pid')
  await stopLeftover(dataDir, pidFile, log)
  const port = options.port ?? (await freePort())
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: dataDir,
    save: '',
    appendonly: appendOnly ? 'yes' : 'no',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const command = { command: binaries.server, args, cwd: dataDir, env: binaries.env }
  const server = await startServer('Redis', command, () => isReady(port))
  await writeFile(pidFile, String(server.pid))
  return {
    url: `redis://127.0.0.1:${port}`,
    pids: [server.pid],
    description: `${binaries.description}, data in ${dataDir}`,
    stop: async () => {
      await endProcess(server.pid, 'SIGTERM', stopMaxMs)
      await server.exited
      await rm(pidFile, { force: true })
    },
  }
}

/** Stops a Redis that an interrupted start left running: it would write to the same files. */
async function stopLeftover(dataDir: string, pidFile: string, log: ProgressLog): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return
  if ((await workingFolder(pid)) !== (await realpath(dataDir))) return
  log('stopping the Redis that an earlier start left running')
  await endProcess(pid, 'SIGTERM', stopMaxMs)
}

/** Redis responds to PING only after it has loaded its data. */
async function isReady(port: number): Promise<boolean> {
  return (await sendRedisCommand(port, 'PING')).startsWith('+PONG')
}

/** Sends one command and returns the first bytes of the reply; empty when there is none within a second. */
export function sendRedisCommand(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(`${command}\r\n`))
    const finish = (reply: string): void => {
      socket.destroy()
      resolve(reply)
    }
    socket.setTimeout(1_000, () => finish(''))
    socket.once('data', (reply) => finish(String(reply)))
    socket.once('error', () => finish(''))
  })
}
