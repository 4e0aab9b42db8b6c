import { randomUUIDv7 } from 'node:crypto'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { createDestination } from '@ghostpost/infrastructure/database/destinations'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { sealer } from '../alerts/alert-fixtures.ts'

/** What the statements run on: the seeded database, with a user and a saved destination in site 4. */
export interface StatementContext {
  database: TestDatabase
  user: TestUser
  actor: { userId: string; requestId: string; ip: string }
  destinationId: string
  /** E-mail address of a seeded visitor. */
  identifiedUser: string
}

export async function createStatementContext(): Promise<StatementContext> {
  const database = await createTestDatabase()
  const user = await createUser(database, [4], 'admin')
  const actor = { userId: user.id, requestId: 'request', ip: '192.0.2.1' }
  return {
    database,
    user,
    actor,
    destinationId: await saveDestination(database, user, actor),
    identifiedUser: await readIdentifiedUser(database),
  }
}

async function saveDestination(
  database: Database,
  user: TestUser,
  actor: StatementContext['actor'],
): Promise<string> {
  const id = randomUUIDv7()
  const destination = {
    id,
    siteId: 4,
    name: 'Statements',
    webhookType: 'custom',
    secrets: { url: 'https://example.com/hook', headers: {}, signingSecrets: [] },
    retrySchedule: null,
    concurrency: 2,
    rateLimit: { requests: 10, per_seconds: 1 },
    createdBy: user.id,
  } as const
  await createDestination(
    database,
    sealer,
    { ...destination, secrets: { ...destination.secrets, signingSecrets: [] } },
    actor,
  )
  return id
}

async function readIdentifiedUser({ prisma }: Database): Promise<string> {
  const where = { siteId: 4, identifiedUserId: { not: null } }
  const { identifiedUserId } = await prisma.visitor.findFirstOrThrow({ where })
  return identifiedUserId ?? ''
}
