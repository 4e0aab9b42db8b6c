import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '@ghostpost/local-services'
import { createTemplate, createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'

interface ModelDatabase {
  database: TestDatabase
  close: () => Promise<void>
}

/** Starts a private Postgres with an empty installation, for the long form. */
export async function openModelDatabase(): Promise<ModelDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-model-'))
  const service = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  await createTemplate(service.url, fileURLToPath(new URL('../../../prisma', import.meta.url)))
  process.env['GHOSTPOST_TEST_DATABASE_URL'] = service.url
  const database = await createTestDatabase()
  return {
    database,
    close: async () => {
      await database.drop()
      await service.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
