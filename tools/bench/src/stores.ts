import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRedis, startPostgres, startRedis, type LocalService } from '@ghostpost/local-services'
import { createTemplate } from '@ghostpost/test-kit/test-database'
import { Client } from 'pg'

export interface BenchStores {
  postgresPid: number
  redisPid: number
  redisUrl: string
  stop: () => Promise<void>
}

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** Starts a durable Postgres that counts its statements, and a Redis with an append-only file. */
export async function startStores(): Promise<BenchStores> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-bench-'))
  const started: LocalService[] = []
  const stop = async (): Promise<void> => {
    for (const service of started.toReversed()) await service.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const postgres = await startCountingPostgres(join(folder, 'postgres'))
    started.push(postgres)
    const binaries = await findRedis({ unpackDir: join(repository, '.data/redis-binaries') })
    if (!binaries) throw new Error('The benchmark needs redis-server or valkey-server on the PATH.')
    const redis = await startRedis({ dataDir: join(folder, 'redis'), binaries, appendOnly: true })
    started.push(redis)
    await createTemplate(postgres.url, join(repository, 'prisma'))
    process.env['GHOSTPOST_TEST_DATABASE_URL'] = postgres.url
    process.env['GHOSTPOST_TEST_REDIS_URL'] = redis.url
    return {
      postgresPid: postgres.pids[0] ?? 0,
      redisPid: redis.pids[0] ?? 0,
      redisUrl: redis.url,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The extension that counts statements must be loaded at the start of the server. */
async function startCountingPostgres(dataDir: string): Promise<LocalService> {
  const first = await startPostgres({ dataDir, durable: true })
  const client = new Client({ connectionString: first.url })
  await client.connect()
  await client.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`)
  await client.query(`alter system set max_wal_size = '4GB'`)
  await client.end()
  await first.stop()
  return startPostgres({ dataDir, durable: true })
}
