import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findRedis, startPostgres, startRedis, type LocalService } from '@ghostpost/local-services'
import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'

/** A store behind a fault proxy; it can be killed and started again. */
export interface StoreUnderTest {
  proxy: FaultProxy
  /** Address through the proxy, for the processes under test. */
  url: string
  /** Direct address, for the suite itself. It changes when the store starts again. */
  directUrl: () => string
  /** Ends it at once. SIGKILL, or another signal that ends it without an orderly stop. */
  kill: (signal?: NodeJS.Signals) => Promise<void>
  /** Starts it with its old data, or empty as after a failover to an empty replica. */
  start: (data?: 'kept' | 'empty') => Promise<void>
  stop: () => Promise<void>
}

export async function postgresUnderTest(folder: string): Promise<StoreUnderTest> {
  const dataDir = join(folder, 'postgres')
  return storeUnderTest(() => startWithRetries(() => startPostgres({ dataDir, durable: true })))
}

export async function redisUnderTest(folder: string): Promise<StoreUnderTest> {
  const unpackDir = fileURLToPath(new URL('../../../../.data/redis-binaries', import.meta.url))
  const binaries = await findRedis({ unpackDir })
  if (!binaries) throw new Error('The fault suite needs redis-server or valkey-server on the PATH.')
  let generation = 0
  return storeUnderTest(async (data) => {
    if (data === 'empty') generation += 1
    const dataDir = join(folder, `redis-${generation}`)
    await mkdir(dataDir, { recursive: true })
    return startRedis({ dataDir, binaries, appendOnly: true })
  })
}

async function storeUnderTest(
  open: (data: 'kept' | 'empty') => Promise<LocalService>,
): Promise<StoreUnderTest> {
  let service = await open('kept')
  const proxy = await startFaultProxy(Number(new URL(service.url).port))
  const url = new URL(service.url)
  url.port = String(proxy.port)
  return {
    proxy,
    url: url.href,
    directUrl: () => service.url,
    kill: async (signal = 'SIGKILL') => {
      for (const pid of service.pids) process.kill(pid, signal)
      await service.stop()
    },
    start: async (data = 'kept') => {
      service = await open(data)
      proxy.setTarget(Number(new URL(service.url).port))
    },
    stop: async () => {
      await service.stop()
      await proxy.stop()
    },
  }
}

const startTriesMax = 20

/** The children of a killed Postgres keep its shared memory for a moment, which prevents a new start on its data. */
async function startWithRetries(start: () => Promise<LocalService>): Promise<LocalService> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start()
    } catch (error) {
      if (tries === startTriesMax) throw error
      await pause(500)
    }
  }
}
