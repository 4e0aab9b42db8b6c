import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RedisBinaries } from './unpack-redis.ts'
import type { LocalService } from './local-service.ts'
import { freePort } from './ports.ts'
import { endProcess } from './processes.ts'
import { sendRedisCommand } from './start-redis.ts'
import { startServer } from './start-server.ts'

export interface SentinelOptions {
  dataDir: string
  binaries: RedisBinaries
  /** Name of the master and its port at the start. */
  masterName: string
  masterPort: number
}

const stopMaxMs = 10_000

/** Starts a single Sentinel. It promotes a replica when the master does not respond for half a second. */
export async function startSentinel(options: SentinelOptions): Promise<LocalService> {
  const { dataDir, binaries, masterName, masterPort } = options
  await mkdir(dataDir, { recursive: true })
  const port = await freePort()
  // A Sentinel rewrites its own configuration file.
  const file = join(dataDir, 'sentinel.conf')
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dataDir}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 1`,
    `sentinel down-after-milliseconds ${masterName} 500`,
    `sentinel failover-timeout ${masterName} 3000`,
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  const command = { command: binaries.server, args: [file, '--sentinel'], cwd: dataDir, env: binaries.env }
  const server = await startServer('Sentinel', command, async () =>
    (await sendRedisCommand(port, 'PING')).startsWith('+PONG'),
  )
  return {
    url: `redis-sentinel://127.0.0.1:${port}/${masterName}`,
    pids: [server.pid],
    description: `a Sentinel of ${binaries.description}`,
    stop: async () => {
      await endProcess(server.pid, 'SIGTERM', stopMaxMs)
      await server.exited
    },
  }
}
