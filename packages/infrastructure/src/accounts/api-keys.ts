import { randomUUID } from 'node:crypto'
import type { Role } from '@ghostpost/delivery/accounts'
import { apiKeysMax, type ApiKeyView } from '@ghostpost/delivery/contract/api-keys'
import { inTransaction } from '../database/connection/in-transaction.ts'
import type { Database } from '../database/connection/open-database.ts'
import { writeAudit, type Actor } from '../database/upkeep/audit-log.ts'
import { isApiKeyToken, newApiKeyToken, prefixOfApiKey } from './api-key-token.ts'
import { cacheCallers } from './cache-callers.ts'
import { findApiKey } from './find-api-key.ts'
import type { ActiveSession } from './find-session.ts'
import { hashSessionToken } from './session-token.ts'

/** Lasting calls are looked at once a second, so that a revocation takes effect within 3 s everywhere. */
const cacheMs = 1_000

interface ApiKeyRequest {
  siteId: number
  name: string
  /** At most the creator's own role, which the caller of this checks. */
  role: Role
  days: number
}

type CreateApiKeyResult =
  | { kind: 'created'; key: string; view: ApiKeyView }
  /** A live key of the site has the name. */
  | { kind: 'name_taken' }
  | { kind: 'too_many' }

type RevokeApiKeyResult = 'revoked' | 'not found' | 'of another user'

export interface ApiKeys {
  /** The caller of a key; null when the key is unknown, expired or revoked. Takes effect everywhere within 3 s. */
  find: (token: string) => Promise<ActiveSession | null>
  create: (request: ApiKeyRequest, actor: Actor) => Promise<CreateApiKeyResult>
  list: (siteId: number) => Promise<ApiKeyView[]>
  /** Safe to repeat. @param ofAnyUser whether the key may belong to somebody else */
  revoke: (id: string, ofAnyUser: boolean, actor: Actor) => Promise<RevokeApiKeyResult>
}

/** API keys, stored in the database as digests. */
export function openApiKeys(database: Database, now: () => number = () => performance.now()): ApiKeys {
  const { find, forget } = cacheCallers((token) => findApiKey(database, token), cacheMs, now)
  return {
    find: async (token) => (isApiKeyToken(token) ? find(token) : null),
    create: (request, actor) => createApiKey(database, request, actor),
    list: async (siteId) => {
      const { rows } = await database.pool.query<ApiKeyRow>(listSql, [siteId])
      return rows.map(viewOf)
    },
    revoke: (id, ofAnyUser, actor) =>
      inTransaction(database, async (client) => {
        const revoked = await revokeApiKey(client, { id, ofAnyUser }, actor)
        if (revoked.hash) forget([revoked.hash])
        return revoked.result
      }),
  }
}

const keyColumns = `
    k.id,
    k.site_id,
    k.name,
    k.role,
    k.prefix,
    u.email as created_by,
    k.created_at,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.expires_at <= now() as is_expired`

interface ApiKeyRow {
  id: string
  site_id: number
  name: string
  role: Role
  prefix: string
  created_by: string
  created_at: Date
  expires_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
  is_expired: boolean
}

// Keys that ended are pruned, so a site has few.
const listSql = `
  select ${keyColumns}
  from api_keys k
  join users u on u.id = k.user_id
  where k.site_id = $1
  order by
    k.created_at desc,
    k.id desc
  limit 1000`

const lockSiteSql = 'select id from sites where id = $1 for no key update'

const countSql = `
  select
    count(*)::int as keys,
    coalesce(bool_or(name = $2), false) as is_taken
  from api_keys
  where site_id = $1
    and revoked_at is null
    and expires_at > now()`

// The database's clock sets the expiry, because it also decides when the key has expired.
const insertSql = `
  with k as (
    insert into api_keys (id, site_id, user_id, name, role, prefix, token_hash, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 day')
    returning *
  )
  select ${keyColumns}
  from k
  join users u on u.id = k.user_id`

function createApiKey(
  database: Database,
  { siteId, name, role, days }: ApiKeyRequest,
  actor: Actor,
): Promise<CreateApiKeyResult> {
  const id = randomUUID()
  const key = newApiKeyToken()
  return inTransaction(database, async (client): Promise<CreateApiKeyResult> => {
    // One creation in a site at a time, so that the bound and the unique names hold.
    await client.query<{ id: number }>(lockSiteSql, [siteId])
    const { rows: counts } = await client.query<{ keys: number; is_taken: boolean }>(countSql, [siteId, name])
    if (counts[0]?.is_taken) return { kind: 'name_taken' }
    if ((counts[0]?.keys ?? 0) >= apiKeysMax) return { kind: 'too_many' }
    const values = [id, siteId, actor.userId, name, role, prefixOfApiKey(key), hashSessionToken(key), days]
    const { rows } = await client.query<ApiKeyRow>(insertSql, values)
    const row = rows[0]
    if (!row) throw new Error('The new API key was not stored.')
    const details = { name, role, expires_at: row.expires_at.toISOString() }
    const object = { objectType: 'api_key', objectId: id } as const
    await writeAudit(client, actor, { action: 'api_key.created', siteId, ...object, details })
    return { kind: 'created', key, view: viewOf(row) }
  })
}

const lockKeySql = `
  select
    site_id,
    user_id,
    name,
    token_hash,
    revoked_at is not null as is_revoked
  from api_keys
  where id = $1
  for update`

interface LockedKeyRow {
  site_id: number
  user_id: string
  name: string
  token_hash: Buffer
  is_revoked: boolean
}

const revokeSql = 'update api_keys set revoked_at = now() where id = $1'

type Queries = Parameters<Parameters<typeof inTransaction>[1]>[0]

async function revokeApiKey(
  client: Queries,
  { id, ofAnyUser }: { id: string; ofAnyUser: boolean },
  actor: Actor,
): Promise<{ result: RevokeApiKeyResult; hash: Uint8Array | null }> {
  const { rows } = await client.query<LockedKeyRow>(lockKeySql, [id])
  const row = rows[0]
  if (!row) return { result: 'not found', hash: null }
  if (!ofAnyUser && row.user_id !== actor.userId) return { result: 'of another user', hash: null }
  if (!row.is_revoked) {
    await client.query(revokeSql, [id])
    const object = { objectType: 'api_key', objectId: id } as const
    const details = { name: row.name }
    await writeAudit(client, actor, { action: 'api_key.revoked', siteId: row.site_id, ...object, details })
  }
  return { result: 'revoked', hash: row.token_hash }
}

function viewOf(row: ApiKeyRow): ApiKeyView {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    state: row.revoked_at ? 'revoked' : row.is_expired ? 'expired' : 'live',
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }
}
