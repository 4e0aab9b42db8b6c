import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedis, startRedisCluster, type RedisCluster } from '@ghostpost/local-services'

export interface TestCluster extends RedisCluster {
  /** Stops the nodes and deletes their data. */
  remove: () => Promise<void>
}

const nodes = 3

const certificates = join(import.meta.dirname, 'receiver/certificates')
/** The certificate is valid for 127.0.0.1. */
const files = {
  cert: join(certificates, 'good.pem'),
  key: join(certificates, 'good.key'),
  authority: join(certificates, 'ca.pem'),
}

/** Starts a Redis Cluster of three nodes for one test file. */
export async function startTestCluster(options: { tls?: boolean } = {}): Promise<TestCluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ghostpost-cluster-'))
  const unpackDir = join(import.meta.dirname, '../../../.data/redis-binaries')
  const binaries = await findRedis({ unpackDir })
  if (!binaries) throw new Error('This test needs redis-server or valkey-server on the PATH.')
  const cluster = await startRedisCluster({ dataDir, binaries, nodes, ...(options.tls && { tls: files }) })
  const remove = async (): Promise<void> => {
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { ...cluster, remove }
}
