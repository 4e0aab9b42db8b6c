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
  /** Keep the data over a restart. */
  appendOnly?: boolean
  /** A certain port instead of any free one. */
  port?: number
  /** Directives of redis.conf besides. */
  settings?: Readonly<Record<string, string>>
  log?: ProgressLog
}

const stopMaxMs = 10_000

/** Starts a private Redis on a free port of the loopback address. It never evicts, as a queue must not. */
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

/** A Redis whose starter was killed would write the same files as ours. */
async function stopLeftover(dataDir: string, pidFile: string, log: ProgressLog): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return
  if ((await workingFolder(pid)) !== (await realpath(dataDir))) return
  log('stopping the Redis an earlier start left behind')
  await endProcess(pid, 'SIGTERM', stopMaxMs)
}

/** Redis answers PING only once it has read its data. */
async function isReady(port: number): Promise<boolean> {
  return (await sendRedisCommand(port, 'PING')).startsWith('+PONG')
}

/** The beginning of what a Redis of this machine answers to one command; empty when it does not. */
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
