import { findRedis } from './find-redis.ts'
import { externalService, type LocalService, type ProgressLog } from './local-service.ts'
import { startPostgres } from './start-postgres.ts'
import { startRedis } from './start-redis.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Returns the Postgres of DATABASE_URL, else starts a private one. */
export async function obtainPostgres(options: {
  dataDir: string
  durable: boolean
  env: Environment
  log: ProgressLog
}): Promise<LocalService> {
  const { DATABASE_URL: url } = options.env
  return url ? externalService(url, 'the Postgres of DATABASE_URL') : startPostgres(options)
}

/** Returns the Redis of REDIS_URL, else starts a private one; undefined when no server can be found. */
export async function obtainRedis(options: {
  dataDir: string
  unpackDir: string
  env: Environment
  log: ProgressLog
}): Promise<LocalService | undefined> {
  const { REDIS_URL: url } = options.env
  if (url) return externalService(url, 'the Redis of REDIS_URL')
  const binaries = await findRedis(options)
  return binaries && startRedis({ ...options, binaries, appendOnly: true })
}
