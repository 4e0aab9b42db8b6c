import { createTestDatabase, describeDeliveryQueue, givenUrl, type TestDatabase } from '@ghostpost/test-kit'
import { Redis } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'

let database: TestDatabase
let redis: Redis

beforeAll(async () => {
  database = await createTestDatabase()
  redis = new Redis(givenUrl('GHOSTPOST_TEST_REDIS_URL'))
})

afterAll(async () => {
  redis.disconnect()
  await database.drop()
})

describeDeliveryQueue('Redis', () => ({
  url: givenUrl('GHOSTPOST_TEST_REDIS_URL'),
  // Other test files use the same Redis: only connections that name this process's queues could be told apart, so the
  // count is taken of what is blocked or subscribed for longer than any other test would leave it.
  countConnections: async () => ownConnections(),
}))

describeDeliveryQueue('Postgres', () => ({
  url: database.url,
  countConnections: async () => {
    const { rows } = await database.pool.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name <> 'test'`,
    )
    return rows[0]?.n ?? 0
  },
}))

/** Sockets this process holds to the Redis port. */
function ownConnections(): number {
  const port = Number(new URL(givenUrl('GHOSTPOST_TEST_REDIS_URL')).port)
  const handles = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap')
  return port > 0 ? handles.length : 0
}
