import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyStoppedPostgres, startPostgres, type LocalService } from '@ghostpost/local-services'
import { Client } from 'pg'
import { createTemplate } from './test-database.ts'

export interface TestReplica {
  /** Address of the primary. Set GHOSTPOST_TEST_DATABASE_URL to it, and test databases are created there. */
  primaryUrl: string
  /** Address on the replica of a database of the primary. */
  replicaUrlOf: (primaryUrl: string) => string
  /** The replica receives changes but shows none until `resumeReplay`. */
  pauseReplay: () => Promise<void>
  resumeReplay: () => Promise<void>
  stopReplica: () => Promise<void>
  /** Starts it on another port, as a replacement would have. */
  startReplica: () => Promise<void>
  /** Stops both servers and deletes their data. */
  remove: () => Promise<void>
}

const prisma = join(import.meta.dirname, '../../../prisma')

/** Starts a Postgres with the migrated and seeded template, and a streaming replica of it. */
export async function startTestReplica(): Promise<TestReplica> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-replica-'))
  await chmod(folder, 0o700)
  const [primaryDir, replicaDir] = [join(folder, 'primary'), join(folder, 'replica')]
  const first = await startPostgres({ dataDir: primaryDir, durable: false })
  await createTemplate(first.url, prisma)
  await first.stop()
  await copyStoppedPostgres(primaryDir, replicaDir)
  const primary = await startPostgres({ dataDir: primaryDir, durable: false })
  const start = (): Promise<LocalService> =>
    startPostgres({ dataDir: replicaDir, durable: false, primaryUrl: primary.url })
  let replica = await start()
  const onReplica = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: replica.url })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  return {
    primaryUrl: primary.url,
    replicaUrlOf: (url) => Object.assign(new URL(url), { port: new URL(replica.url).port }).href,
    pauseReplay: () => onReplica('select pg_wal_replay_pause()'),
    resumeReplay: () => onReplica('select pg_wal_replay_resume()'),
    stopReplica: () => replica.stop(),
    startReplica: async () => void (replica = await start()),
    remove: async () => {
      await replica.stop()
      await primary.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
