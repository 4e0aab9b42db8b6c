import { callerNetwork } from '@ghostpost/delivery/receivers'
import type { SessionView } from '@ghostpost/delivery/contract/session'
import { lineOf, clipText } from '@ghostpost/delivery/text'
import { inTransaction } from '../database/connection/in-transaction.ts'
import type { Database } from '../database/connection/open-database.ts'
import {
  auditEntry,
  writeAudit,
  type Actor,
  type AuditEvent,
  type Caller,
} from '../database/upkeep/audit-log.ts'
import type { PasswordChecks, PasswordRefusal } from './password-checks.ts'
import { readSession } from './find-session.ts'
import { hashSessionToken, newSessionToken } from './session-token.ts'

/** Most live sessions of one user. A sign-in beyond it ends the oldest. */
export const sessionsMax = 50
const userAgentLengthMax = 200

export interface SignInRequest extends Caller {
  email: string
  password: string
  userAgent: string | null
}

export type SignInResult =
  | { kind: 'signed_in'; token: string; view: SessionView }
  /** The e-mail address or the password is wrong. */
  | { kind: 'wrong' }
  | PasswordRefusal

interface SignInContext {
  database: Database
  ttlMs: number
  passwords: PasswordChecks
}

/** Checks the password and creates a session. An unknown account costs the same as a wrong password. */
export async function signIn(
  { database, ttlMs, passwords }: SignInContext,
  request: SignInRequest,
): Promise<SignInResult> {
  const { password, requestId, ip } = request
  const email = request.email.trim().toLowerCase()
  const user = await database.prisma.user.findUnique({ where: { email } })
  // An account without a password, or a disabled one, costs the same as an unknown one.
  const passwordHash = (user?.disabledAt ? null : user?.passwordHash) || null
  const verdict = await passwords.check({ email, password, passwordHash, ip })
  if (verdict.kind !== 'correct' && verdict.kind !== 'wrong') return verdict
  if (verdict.kind === 'wrong' || !user) {
    const caller = { requestId, ip, userId: user?.id ?? null }
    await auditEntry(database, caller, refusedNote(user ? null : email))
    return { kind: 'wrong' }
  }
  const { userAgent } = request
  const created = await createSession(
    { database, ttlMs },
    { userAgent, checkedHash: user.passwordHash },
    { requestId, ip, userId: user.id },
  )
  const view = created && (await readSession(database, { userId: user.id, expiresAt: created.expiresAt }))
  return view ? { kind: 'signed_in', token: created.token, view } : { kind: 'wrong' }
}

interface NewSession {
  userAgent: string | null
  /** The hash of the password that was checked; null when the issuer vouches for the user. */
  checkedHash: string | null
}

/** Creates a session. Null when the password was changed or the account disabled meanwhile. */
export async function createSession(
  { database, ttlMs }: Pick<SignInContext, 'database' | 'ttlMs'>,
  session: NewSession,
  actor: Actor,
): Promise<{ token: string; expiresAt: Date } | null> {
  const token = newSessionToken()
  const expiresAt = await insertSession(database, { ...session, token, ttlMs }, actor)
  return expiresAt ? { token, expiresAt } : null
}

// One sign-in of a user at a time: the bound on sessions holds, and no session outlives a change of the password that
// was checked.
const lockUserSql = `
  select id
  from users
  where id = $1
    and ($2::text is null or password_hash = $2)
    and disabled_at is null
  for no key update`

const endOldestSql = `
  with ended as (
    update sessions
    set revoked_at = now()
    where token_hash in (
      select token_hash
      from sessions
      where user_id = $1
        and revoked_at is null
        and expires_at > now()
      order by created_at desc
      offset $2
    )
    returning id
  )
  insert into audit_log (user_id, action, object_type, object_id, request_id, ip, details)
  select
    $1,
    'session.ended',
    'session',
    id,
    $3,
    $4,
    '{"reason": "too_many_sessions"}'
  from ended`

// The database's clock sets the expiry, because it also decides when the session has expired.
const insertSessionSql = `
  insert into sessions (token_hash, user_id, expires_at, network, user_agent)
  values ($1, $2, now() + $3 * interval '1 ms', $4, $5)
  returning
    id,
    expires_at`

/** Undefined when the password was changed or the account disabled meanwhile. */
function insertSession(
  database: Database,
  { token, ttlMs, checkedHash, userAgent }: NewSession & { token: string; ttlMs: number },
  actor: Actor,
): Promise<Date | undefined> {
  const { userId, requestId, ip } = actor
  return inTransaction(database, async (client) => {
    const { rows: users } = await client.query<{ id: string }>(lockUserSql, [userId, checkedHash])
    if (users.length === 0) return undefined
    await client.query(endOldestSql, [userId, sessionsMax - 1, requestId, ip])
    const values = [hashSessionToken(token), userId, ttlMs, callerNetwork(ip), shownUserAgent(userAgent)]
    const { rows } = await client.query<{ id: string; expires_at: Date }>(insertSessionSql, values)
    const details = checkedHash === null ? { by: 'oidc' } : {}
    await writeAudit(client, actor, { ...createdNote, objectId: rows[0]?.id ?? null, details })
    return rows[0]?.expires_at
  })
}

function shownUserAgent(userAgent: string | null): string | null {
  const line = lineOf(userAgent)
  return line === null ? null : clipText(line, userAgentLengthMax)
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
