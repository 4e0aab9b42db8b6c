import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { obtainPostgres, obtainRedis, type LocalService } from '@ghostpost/local-services'
import { createTemplate } from './test-database.ts'

const repository = join(import.meta.dirname, '../../..')

/**
 * Gives the test files of every project one real Postgres and one real Redis: those of DATABASE_URL and REDIS_URL, else
 * private ones that the teardown removes.
 * @throws on a machine without a Redis: no test is skipped
 */
export default async function setup(): Promise<() => Promise<void>> {
  // Vitest calls this once per project; the first call starts the stores for all of them.
  if (process.env['GHOSTPOST_TEST_DATABASE_URL']) return async () => {}
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-test-'))
  const started: LocalService[] = []
  const teardown = async (): Promise<void> => {
    for (const service of started.toReversed()) await service.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const options = { env: process.env, log: () => {} }
    const postgres = await obtainPostgres({ ...options, dataDir: join(folder, 'postgres'), durable: false })
    started.push(postgres)
    const unpackDir = join(repository, '.data/redis-binaries')
    const redis = await obtainRedis({ ...options, dataDir: join(folder, 'redis'), unpackDir })
    if (!redis)
      throw new Error(
        'The tests need a Redis: set REDIS_URL, or put redis-server or valkey-server on the PATH.',
      )
    started.push(redis)
    await createTemplate(postgres.url, join(repository, 'prisma'))
    process.env['GHOSTPOST_TEST_DATABASE_URL'] = postgres.url
    process.env['GHOSTPOST_TEST_REDIS_URL'] = redis.url
    return teardown
  } catch (error) {
    await teardown()
    throw error
  }
}
