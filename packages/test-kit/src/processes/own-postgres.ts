import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startPostgres, type LocalService } from '@ghostpost/local-services'
import { startFaultProxy } from '../fault-proxy.ts'
import { createTemplate } from '../test-database.ts'

export interface OwnPostgres {
  /**
   * Address that stays the same over restarts. Set GHOSTPOST_TEST_DATABASE_URL to it, and test databases are created
   * there.
   */
  url: string
  /** Sends SIGKILL to the server, which has the effect of a crash, and starts it again on its data. */
  crash: () => Promise<void>
  remove: () => Promise<void>
}

const prismaFolder = fileURLToPath(new URL('../../../../prisma', import.meta.url))
const startTriesMax = 40

/** Starts a Postgres with the migrated and seeded template, for one test file that crashes it. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-postgres-'))
  const start = (): Promise<LocalService> => startPostgres({ dataDir: join(folder, 'data'), durable: true })
  let service = await start()
  await createTemplate(service.url, prismaFolder)
  const proxy = await startFaultProxy(Number(new URL(service.url).port))
  const url = new URL(service.url)
  url.port = String(proxy.port)
  return {
    url: url.href,
    crash: async () => {
      for (const pid of service.pids) process.kill(pid, 'SIGKILL')
      await service.stop()
      service = await startWithRetries(start)
      proxy.setTarget(Number(new URL(service.url).port))
    },
    remove: async () => {
      await service.stop()
      await proxy.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The children of a killed Postgres keep its shared memory for a moment, which prevents a new start on its data. */
async function startWithRetries(start: () => Promise<LocalService>): Promise<LocalService> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start()
    } catch (error) {
      if (tries === startTriesMax) throw error
      await pause(250)
    }
  }
}
