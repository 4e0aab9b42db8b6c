import { parseRole, type Role } from '@ghostpost/delivery/accounts'
import type { SessionView } from '@ghostpost/delivery/contract/session'
import { byKey } from '../database/connection/look-ups.ts'
import type { Database } from '../database/connection/open-database.ts'
import type { ApiKeyRef } from '../database/upkeep/audit-log.ts'
import { hashSessionToken } from './session-token.ts'

/** An authenticated caller: a user by a session, or a user's program by an API key. */
export interface ActiveSession {
  userId: string
  /** Null for a session. */
  apiKey: ApiKeyRef | null
  expiresAt: Date
  /** Site → the user's role there. For this session no other site exists. */
  roles: ReadonlyMap<number, Role>
}

// The `case` leaves the planner one index, that of the token.
const findSessionSql = `
  select
    s.user_id,
    s.expires_at,
    coalesce(s.last_used_at < now() - interval '1 minute', true) as is_use_stale,
    coalesce(
      (select json_object_agg(m.site_id, m.role) from memberships m where m.user_id = s.user_id),
      '{}'
    ) as roles
  from sessions s
  where s.token_hash = $1
    and case when s.revoked_at is null then s.expires_at > now() end
    and (select disabled_at is null from users ${byKey('id', 's.user_id')})`

interface SessionRow {
  user_id: string
  expires_at: Date
  is_use_stale: boolean
  roles: Record<string, string>
}

/** Reads a session and its roles; null when it is unknown, expired or revoked, or its user is disabled. */
export async function findSession({ pool }: Database, token: string): Promise<ActiveSession | null> {
  const values = [hashSessionToken(token)]
  const { rows } = await pool.query<SessionRow>({ name: 'find-session', text: findSessionSql, values })
  const row = rows[0]
  if (!row) return null
  if (row.is_use_stale) noteUse(pool, token)
  return { userId: row.user_id, apiKey: null, expiresAt: row.expires_at, roles: rolesOf(row.roles) }
}

// One of several processes writes.
const noteUseSql = `
  update sessions
  set last_used_at = now()
  where token_hash = $1
    and coalesce(last_used_at < now() - interval '1 minute', true)`

/** The request does not wait for it, and works also while the database accepts no writes. */
function noteUse(pool: Database['pool'], token: string): void {
  pool
    .query({ name: 'note-session-use', text: noteUseSql, values: [hashSessionToken(token)] })
    .catch(() => {})
}

function rolesOf(rolesBySite: Record<string, string>): Map<number, Role> {
  const roles = new Map<number, Role>()
  for (const [siteId, role] of Object.entries(rolesBySite)) {
    const parsed = parseRole(role)
    if (parsed) roles.set(Number(siteId), parsed)
  }
  return roles
}

/** What a view of a caller is made of. An API key has a role in one site only. */
export type SessionToRead = Pick<ActiveSession, 'userId' | 'expiresAt'> &
  Partial<Pick<ActiveSession, 'apiKey' | 'roles'>>

/** The user of a session or an API key, with the sites it can access; null when the account was deleted. */
export async function readSession({ prisma }: Database, session: SessionToRead): Promise<SessionView | null> {
  const user = await prisma.user.findUnique({
    where: { id: session.userId },
    include: { memberships: { include: { site: true }, orderBy: { siteId: 'asc' } } },
  })
  return (
    user && {
      user: { id: user.id, email: user.email, name: user.name },
      sites: user.memberships
        .map(({ site, role }) => ({ id: site.id, name: site.name, role: roleIn(session, site.id) ?? role }))
        .filter(({ id }) => !session.apiKey || session.roles?.has(id)),
      expires_at: session.expiresAt.toISOString(),
    }
  )
}

/** The role of an API key in its site; undefined for a session, which has the user's roles. */
function roleIn({ apiKey, roles }: SessionToRead, siteId: number): Role | undefined {
  return apiKey ? roles?.get(siteId) : undefined
}
