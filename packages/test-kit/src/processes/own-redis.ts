import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRedis, startRedis, type LocalService } from '@ghostpost/local-services'

export interface OwnRedis {
  url: string
  stop: () => Promise<void>
  /** Sends SIGKILL, which has the effect of a crash. */
  kill: () => Promise<void>
  /** Starts it on the same port and data. */
  restart: () => Promise<void>
  remove: () => Promise<void>
}

/** Starts a Redis for one test file that stops and restarts it. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ghostpost-redis-'))
  const unpackDir = fileURLToPath(new URL('../../../../.data/redis-binaries', import.meta.url))
  const binaries = await findRedis({ unpackDir })
  if (!binaries) throw new Error('This test needs redis-server or valkey-server on the PATH.')
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
