import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRedis, startRedis, type LocalService } from '@ghostpost/local-services'

export interface OwnRedis {
  url: string
  stop: () => Promise<void>
  /** Ends it as a crash would. */
  kill: () => Promise<void>
  /** On the same port and data as before. */
  restart: () => Promise<void>
  remove: () => Promise<void>
}

/** A Redis for one test alone, to be stopped and started again. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ghostpost-redis-'))
  const unpackDir = fileURLToPath(new URL('../../../../.data/redis-binaries', import.meta.url))
  const binaries = await findRedis({ unpackDir })
  if (!binaries) throw new Error('This test needs redis-server; put it on the PATH.')
  let service: LocalService = await startRedis({ dataDir, binaries, appendOnly: true })
  const port = Number(new URL(service.url).port)
  return {
    url: service.url,
    stop: () => service.stop(),
    kill: async () => {
      for (const pid of service.pids) process.kill(pid, 'SIGKILL')
      await service.stop()
    },
    restart: async () => void (service = await startRedis({ dataDir, binaries, appendOnly: true, port })),
    remove: async () => {
      await service.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
