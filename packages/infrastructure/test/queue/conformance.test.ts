import { fileURLToPath } from 'node:url'
import { describeDeliveryQueue } from '@ghostpost/test-kit/queue-conformance'
import { startTestCluster, type TestCluster } from '@ghostpost/test-kit/test-cluster'
import { createTestDatabase, testStoreUrl, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, describe } from 'vitest'

const stuckConsumer = fileURLToPath(new URL('./stuck-consumer.ts', import.meta.url))

let database: TestDatabase
let cluster: TestCluster

beforeAll(async () => {
  database = await createTestDatabase()
  cluster = await startTestCluster()
})

afterAll(async () => {
  await cluster.remove()
  await database.drop()
})

describe.each([1, 3])('in %i shards,', (shards) => {
  describeDeliveryQueue('Redis', () => ({
    url: testStoreUrl('GHOSTPOST_TEST_REDIS_URL'),
    shards,
    stuckConsumer,
    countConnections: async () => openSockets(),
  }))
})

describeDeliveryQueue('Postgres', () => ({
  url: database.url,
  shards: 1,
  stuckConsumer,
  countConnections: async () => {
    const { rows } = await database.pool.query<{ n: number }>(
      `select count(*)::int as n
       from pg_stat_activity
       where datname = current_database() and application_name <> 'test'`,
    )
    return rows[0]?.n ?? 0
  },
}))

describeDeliveryQueue('a Redis Cluster', () => ({
  url: cluster.url,
  shards: 4,
  stuckConsumer,
  countConnections: async () => openSockets(),
}))

/** Counts the sockets of this process, because other test files use the same Redis. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
}
