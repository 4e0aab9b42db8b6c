import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase, type Database } from '@ghostpost/infrastructure/database/connection'
import { migrate } from '@ghostpost/infrastructure/database/upkeep'
import { Client } from 'pg'

export interface TestDatabase extends Database {
  url: string
  /**
   * Closes the connections and drops the database.
   * @throws when another client leaked a connection
   */
  drop: () => Promise<void>
}

const templateName = 'ghostpost_template'

/** Creates the migrated and seeded template of all test databases. */
export async function createTemplate(serverUrl: string, prismaFolder: string): Promise<void> {
  await withClient(serverUrl, async (client) => {
    await client.query(`drop database if exists ${templateName} with (force)`)
    await client.query(`create database ${templateName}`)
  })
  const url = databaseUrl(serverUrl, templateName)
  await migrate(url, join(prismaFolder, 'migrations'), () => {})
  const seed = await readFile(join(prismaFolder, 'seed.sql'), 'utf8')
  await withClient(url, (client) => client.query(seed))
  await withClient(url, (client) => client.query('vacuum analyze'))
}

/** Creates a database for one test file: a copy of the template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = testStoreUrl('GHOSTPOST_TEST_DATABASE_URL')
  const name = `ghostpost_test_${randomBytes(6).toString('hex')}`
  await withClient(serverUrl, (client) => client.query(`create database ${name} template ${templateName}`))
  const url = databaseUrl(serverUrl, name)
  const database = openDatabase({
    url,
    poolMax: 4,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 15_000,
    applicationName: 'test',
    onIdleError: () => {},
  })
  const drop = async (): Promise<void> => {
    await database.close()
    await withClient(serverUrl, (client) => dropDatabase(client, name))
  }
  return { ...database, url, drop }
}

/** Returns a queue for one test file: the shared Redis with a unique prefix. */
export function createTestQueueName(): { url: string; prefix: string } {
  return { url: testStoreUrl('GHOSTPOST_TEST_REDIS_URL'), prefix: `test-${randomBytes(6).toString('hex')}` }
}

/** Address of a store that the global setup started. */
export function testStoreUrl(name: 'GHOSTPOST_TEST_DATABASE_URL' | 'GHOSTPOST_TEST_REDIS_URL'): string {
  const url = process.env[name]
  if (!url)
    throw new Error(`${name} is not set: run the tests through \`npm test\`, which starts the stores.`)
  return url
}

/** A connection closes shortly after its pool; one that is idle for 5 s was leaked. */
async function dropDatabase(client: Client, name: string): Promise<void> {
  const { rows } = await client.query<{ application_name: string }>(
    `select application_name from pg_stat_activity where datname = $1 and backend_type = 'client backend'
       and state_change < now() - interval '5 seconds'`,
    [name],
  )
  await client.query(`drop database ${name} with (force)`)
  if (rows.length > 0) {
    throw new Error(`Leaked database connections of: ${rows.map((row) => row.application_name).join(', ')}`)
  }
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
