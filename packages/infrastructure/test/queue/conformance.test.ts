import { fileURLToPath } from 'node:url'
import { createTestDatabase, describeDeliveryQueue, givenUrl, type TestDatabase } from '@ghostpost/test-kit'
import { afterAll, beforeAll } from 'vitest'

const holderProgram = fileURLToPath(new URL('./hold-a-delivery.ts', import.meta.url))

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

describeDeliveryQueue('Redis', () => ({
  url: givenUrl('GHOSTPOST_TEST_REDIS_URL'),
  holderProgram,
  countConnections: async () => openSockets(),
}))

describeDeliveryQueue('Postgres', () => ({
  url: database.url,
  holderProgram,
  countConnections: async () => {
    const { rows } = await database.pool.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name <> 'test'`,
    )
    return rows[0]?.n ?? 0
  },
}))

/** Other test files share the Redis, so what it counts is not ours alone; the sockets of this process are. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
}
