import { lowerRole, parseRole } from '@ghostpost/delivery/accounts'
import { byKey } from '../database/connection/look-ups.ts'
import type { Database } from '../database/connection/open-database.ts'
import type { ActiveSession } from './find-session.ts'
import { hashSessionToken } from './session-token.ts'

// Without a membership, or with a disabled account, the creator has no right that the key could have.
const findApiKeySql = `
  select
    k.id,
    k.name,
    k.user_id,
    k.site_id,
    k.role,
    m.role as creator_role,
    k.expires_at,
    coalesce(k.last_used_at < now() - interval '1 minute', true) as is_use_stale
  from api_keys k
  cross join lateral (
    select role
    from memberships
    ${byKey('user_id', 'k.user_id', [['site_id', 'k.site_id']])}
  ) m
  cross join lateral (
    select disabled_at
    from users
    ${byKey('id', 'k.user_id')}
  ) u
  where k.token_hash = $1
    and k.revoked_at is null
    and k.expires_at > now()
    and u.disabled_at is null`

interface ApiKeyRow {
  id: string
  name: string
  user_id: string
  site_id: number
  role: string
  creator_role: string
  expires_at: Date
  is_use_stale: boolean
}

/**
 * The caller of an API key; null when the key is unknown, expired or revoked, or its creator left the site or is
 * disabled.
 */
export async function findApiKey({ pool }: Database, token: string): Promise<ActiveSession | null> {
  const values = [hashSessionToken(token)]
  const { rows } = await pool.query<ApiKeyRow>({ name: 'find-api-key', text: findApiKeySql, values })
  const row = rows[0]
  const role = row && parseRole(row.role)
  const creatorRole = row && parseRole(row.creator_role)
  if (!row || !role || !creatorRole) return null
  if (row.is_use_stale) noteUse(pool, row.id)
  return {
    userId: row.user_id,
    apiKey: { id: row.id, name: row.name },
    expiresAt: row.expires_at,
    roles: new Map([[row.site_id, lowerRole(role, creatorRole)]]),
  }
}

// One of several processes writes.
const noteUseSql = `
  update api_keys
  set last_used_at = now()
  where id = $1
    and coalesce(last_used_at < now() - interval '1 minute', true)`

/** The request does not wait for it, and works also while the database accepts no writes. */
function noteUse(pool: Database['pool'], id: string): void {
  pool.query({ name: 'note-api-key-use', text: noteUseSql, values: [id] }).catch(() => {})
}
