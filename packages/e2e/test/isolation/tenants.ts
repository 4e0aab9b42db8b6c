import { randomUUIDv7 } from 'node:crypto'
import { hashSessionToken, newSessionToken } from '@ghostpost/infrastructure/accounts'
import type { Stack } from '@ghostpost/test-kit/processes/start-stack'

/** A site with one visitor and one operator, who calls from an address that nobody else has. */
export interface Tenant {
  siteId: number
  visitor: string
  session: string
  /** Address of the operator's machine. */
  address: string
}

const firstSite = 2_001

/** Creates sites that have nothing in common. @param count at most 250 */
export async function makeTenants({ database }: Pick<Stack, 'database'>, count: number): Promise<Tenant[]> {
  const made = Array.from({ length: count }, (_, index) => ({
    siteId: firstSite + index,
    visitor: `gv_of_${firstSite + index}`,
    session: newSessionToken(),
    address: `127.0.9.${index + 1}`,
    userId: randomUUIDv7(),
  }))
  // No account has a password: hashing a hundred of them takes longer than the test.
  await database.pool.query(
    `with made as (
       select * from unnest($1::int[], $2::text[], $3::bytea[], $4::uuid[]) m(site_id, visitor, token, user_id)
     ), sites_made as (
       insert into sites (id, name) select site_id, 'Site ' || site_id from made
     ), users_made as (
       insert into users (id, email, name, password_hash)
       select user_id, site_id || '@example.test', 'Operator', 'none' from made
     ), allowed as (
       insert into memberships (user_id, site_id, role) select user_id, site_id, 'operator' from made
     ), sessions_made as (
       insert into sessions (token_hash, user_id, expires_at) select token, user_id, now() + interval '1 hour' from made
     )
     insert into visitors (site_id, ghost_vid, first_seen, last_seen) select site_id, visitor, now(), now() from made`,
    [
      made.map(({ siteId }) => siteId),
      made.map(({ visitor }) => visitor),
      made.map(({ session }) => hashSessionToken(session)),
      made.map(({ userId }) => userId),
    ],
  )
  return made
}

/** Inserts dead letters of a site with long messages. */
export async function insertDeadLetters(
  { database, user }: Pick<Stack, 'database' | 'user'>,
  { siteId, visitor }: Tenant,
  { rows, messageLength }: { rows: number; messageLength: number },
): Promise<void> {
  await database.pool.query(
    `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
       include_journey, include_events, requested_by, state, last_cause, last_message, finished_at,
       sweep_at, next_attempt_at)
     select id, $1, (select v.id from visitors v where v.site_id = $1 limit 1), $2, 'custom',
       'https://hooks.example.com', 'hooks.example.com', true, true, $3, 'failed', 'http_500', repeat('m', $5), now(),
       null, null
     from unnest($4::uuid[]) id`,
    [siteId, visitor, user.id, Array.from({ length: rows }, () => randomUUIDv7()), messageLength],
  )
}
