import { parseRole, type Role } from '@ghostpost/delivery/accounts'
import type { SessionView } from '@ghostpost/delivery/contract/session'
import {
  auditEntry,
  writeAudit,
  type Actor,
  type AuditEvent,
  type Caller,
} from '../database/upkeep/audit-log.ts'
import { inTransaction } from '../database/connection/in-transaction.ts'
import type { Database } from '../database/connection/open-database.ts'
import { isPasswordCorrect } from './password.ts'
import { hashSessionToken, newSessionToken } from './session-token.ts'

/**
 * How long a process trusts a session and its roles without reading them again. A revoked session works no longer
 * than this.
 */
const cacheMs = 3_000
const cachedMax = 10_000

export interface ActiveSession {
  userId: string
  expiresAt: Date
  /** Site → the user's role there. For this session no other site exists. */
  roles: ReadonlyMap<number, Role>
}

export interface Sessions {
  /** Signs a user in; null when the e-mail address or the password is wrong. */
  create: (
    email: string,
    password: string,
    caller: Caller,
  ) => Promise<{ token: string; view: SessionView } | null>
  /** The session of a token; null when it is unknown, expired or revoked. */
  find: (token: string) => Promise<ActiveSession | null>
  read: (session: Pick<ActiveSession, 'userId' | 'expiresAt'>) => Promise<SessionView | null>
  revoke: (token: string, caller: Caller) => Promise<void>
}

const revokeSessionSql = `
  with ended as (
    update sessions set
      revoked_at = now()
    where token_hash = $1
      and revoked_at is null
    returning user_id
  )
  insert into audit_log (user_id, action, object_type, request_id, ip)
  select
    user_id,
    'session.ended',
    'session',
    $2,
    $3
  from ended`

interface CachedSession {
  session: ActiveSession
  until: number
}

/**
 * Cookie sessions, stored in the database. Each process caches them for some seconds, so that a request costs no read.
 * @param now a monotonic clock, in milliseconds: a clock that is set back would keep revoked sessions in the cache
 */
export function openSessions(
  database: Database,
  ttlMs: number,
  now: () => number = () => performance.now(),
): Sessions {
  const cache = new Map<string, CachedSession>()
  return {
    create: (email, password, caller) => createSession(database, ttlMs, { email, password }, caller),
    find: async (token) => {
      const key = Buffer.from(hashSessionToken(token)).toString('base64')
      const cached = cache.get(key)
      // The database's clock decides whether a session has expired, because the clocks of processes may differ.
      if (cached && cached.until > now()) return cached.session
      cache.delete(key)
      const session = await findSession(database, token)
      if (session) cacheSession(cache, key, { session, until: now() + cacheMs })
      return session
    },
    read: (session) => readSession(database, session),
    revoke: async (token, caller) => {
      cache.delete(Buffer.from(hashSessionToken(token)).toString('base64'))
      await database.pool.query(revokeSessionSql, [hashSessionToken(token), caller.requestId, caller.ip])
    },
  }
}

function cacheSession(cache: Map<string, CachedSession>, key: string, entry: CachedSession): void {
  if (cache.size >= cachedMax) cache.clear()
  cache.set(key, entry)
}

async function createSession(
  database: Database,
  ttlMs: number,
  { email, password }: { email: string; password: string },
  caller: Caller,
): Promise<{ token: string; view: SessionView } | null> {
  const { prisma } = database
  const address = email.trim().toLowerCase()
  const user = await prisma.user.findUnique({ where: { email: address } })
  if (!(await isPasswordCorrect(user?.passwordHash ?? null, password)) || !user) {
    await auditEntry(database, { ...caller, userId: user?.id ?? null }, refusedNote(user ? null : address))
    return null
  }
  const token = newSessionToken()
  const expiresAt = await insertSession(database, token, ttlMs, { ...caller, userId: user.id })
  const view = expiresAt && (await readSession(database, { userId: user.id, expiresAt }))
  return view ? { token, view } : null
}

// The database's clock sets the expiry, because it also decides when the session has expired.
const insertSessionSql = `
  insert into sessions (token_hash, user_id, expires_at)
  values ($1, $2, now() + $3 * interval '1 ms')
  returning expires_at`

function insertSession(
  database: Database,
  token: string,
  ttlMs: number,
  actor: Actor,
): Promise<Date | undefined> {
  return inTransaction(database, async (client) => {
    const values = [hashSessionToken(token), actor.userId, ttlMs]
    const { rows } = await client.query<{ expires_at: Date }>(insertSessionSql, values)
    await writeAudit(client, actor, createdNote)
    return rows[0]?.expires_at
  })
}

const createdNote: AuditEvent = {
  action: 'session.created',
  siteId: null,
  objectType: 'session',
  objectId: null,
}

/** A user may type the password into the address field, so the entry stores only a digest of an unknown address. */
function refusedNote(unknownAddress: string | null): AuditEvent {
  const digest = unknownAddress && Buffer.from(hashSessionToken(unknownAddress)).toString('hex').slice(0, 16)
  return { ...createdNote, action: 'session.refused', details: digest ? { address_digest: digest } : {} }
}

const findSessionSql = `
  select
    s.user_id,
    s.expires_at,
    coalesce(json_object_agg(m.site_id, m.role) filter (where m.role is not null), '{}') as roles
  from sessions s
  left join memberships m on m.user_id = s.user_id
  where s.token_hash = $1
    and s.revoked_at is null
    and s.expires_at > now()
  group by s.token_hash`

interface SessionRow {
  user_id: string
  expires_at: Date
  roles: Record<string, string>
}

async function findSession({ pool }: Database, token: string): Promise<ActiveSession | null> {
  const values = [hashSessionToken(token)]
  const { rows } = await pool.query<SessionRow>({ name: 'find-session', text: findSessionSql, values })
  const row = rows[0]
  return row ? { userId: row.user_id, expiresAt: row.expires_at, roles: rolesOf(row.roles) } : null
}

function rolesOf(rolesBySite: Record<string, string>): Map<number, Role> {
  const roles = new Map<number, Role>()
  for (const [siteId, role] of Object.entries(rolesBySite)) {
    const parsed = parseRole(role)
    if (parsed) roles.set(Number(siteId), parsed)
  }
  return roles
}

async function readSession(
  { prisma }: Database,
  session: Pick<ActiveSession, 'userId' | 'expiresAt'>,
): Promise<SessionView | null> {
  const user = await prisma.user.findUnique({
    where: { id: session.userId },
    include: { memberships: { include: { site: true }, orderBy: { siteId: 'asc' } } },
  })
  return (
    user && {
      user: { id: user.id, email: user.email, name: user.name },
      sites: user.memberships.map(({ site, role }) => ({ id: site.id, name: site.name, role })),
      expires_at: session.expiresAt.toISOString(),
    }
  )
}
