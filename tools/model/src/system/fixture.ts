import { randomUUIDv7 } from 'node:crypto'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { createDestination } from '@ghostpost/infrastructure/database/destinations'
import type { Actor } from '@ghostpost/infrastructure/database/upkeep'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { visitorCount } from '../model.ts'

/** What all histories share: a user and a saved destination of one site. */
export interface Fixture {
  user: TestUser
  actor: Actor
  destinationId: string
}

export const siteId = 4
export const destinationUrl = 'https://example.com/hook'
export const sealer = openSealer(`model:${Buffer.alloc(32, 7).toString('base64')}`)

export function vidOf(visitor: number): string {
  return `gv_model${visitor}_visitor${visitor}`
}

export async function createFixture(database: Database): Promise<Fixture> {
  const user = await createUser(database, [siteId], 'admin')
  const actor = { userId: user.id, requestId: 'model', ip: '192.0.2.1' }
  const destinationId = randomUUIDv7()
  const destination = {
    id: destinationId,
    siteId,
    name: 'model',
    webhookType: 'custom',
    secrets: { url: destinationUrl, headers: {}, signingSecrets: [] },
    retrySchedule: null,
    concurrency: null,
    rateLimit: null,
    createdBy: user.id,
  } as const
  await createDestination(
    database,
    sealer,
    { ...destination, secrets: { ...destination.secrets, signingSecrets: [] } },
    actor,
  )
  return { user, actor, destinationId }
}

const visitorsSql = Array.from(
  { length: visitorCount },
  (_, visitor) => `(${siteId}, '${vidOf(visitor)}', now(), now())`,
)

/** Empties the tables of a history: the next one begins with two visitors and an enabled destination. */
export async function emptyTables({ pool }: Database): Promise<void> {
  await pool.query(`
    delete from idempotency_keys;
    delete from deliveries;
    delete from operations;
    delete from audit_log;
    delete from suppressed_visitors;
    update destinations set state = 'enabled', state_reason = null where state <> 'enabled';
    insert into visitors (site_id, ghost_vid, first_seen, last_seen)
    values ${visitorsSql.join(', ')}
    on conflict do nothing`)
}
