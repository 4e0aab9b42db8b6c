import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { ProgressLog } from './local-service.ts'
import { unpackRedis, type RedisBinaries } from './unpack-redis.ts'

export interface FindRedisOptions {
  /** Folder into which the distribution's packages are unpacked. */
  unpackDir: string
  log?: ProgressLog
  /** Search path for installed servers, as PATH. */
  path?: string
}

const run = promisify(execFile)

/**
 * Finds a Redis server: an installed one, else (Debian, Ubuntu) one unpacked from the distribution's packages without
 * root. Returns undefined when there is neither, and logs the reason.
 */
export async function findRedis(options: FindRedisOptions): Promise<RedisBinaries | undefined> {
  const { unpackDir, log = () => {}, path = process.env['PATH'] ?? '' } = options
  for (const server of ['redis-server', 'valkey-server']) {
    const found = await findInstalled(server, path)
    if (found) return { server: found, env: {}, description: `${server} of this machine` }
  }
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    log('no redis-server or valkey-server on the PATH')
    return undefined
  }
  try {
    return await unpackRedis(unpackDir, log)
  } catch (error) {
    log(
      `the distribution's Redis could not be unpacked: ${error instanceof Error ? error.message : String(error)}`,
    )
    return undefined
  }
}

async function findInstalled(server: string, path: string): Promise<string | undefined> {
  const candidates = path
    .split(':')
    .filter(Boolean)
    .map((folder) => `${folder}/${server}`)
  const file = candidates.find((candidate) => existsSync(candidate))
  if (!file) return undefined
  return run(file, ['--version']).then(
    () => file,
    () => undefined,
  )
}
