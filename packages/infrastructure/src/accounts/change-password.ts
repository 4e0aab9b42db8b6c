import { inTransaction } from '../database/connection/in-transaction.ts'
import type { Database } from '../database/connection/open-database.ts'
import { writeAudit, type Actor, type AuditEvent } from '../database/upkeep/audit-log.ts'
import { endOtherSessions } from './own-sessions.ts'
import type { PasswordChecks, PasswordRefusal } from './password-checks.ts'

export interface PasswordChange {
  currentPassword: string
  /** At least `passwordLengthMin` characters. */
  newPassword: string
  /** The session that stays. */
  currentToken: string
}

export type PasswordChangeResult =
  | { kind: 'changed'; /** Digests of the tokens of the ended sessions. */ ended: Buffer[] }
  /** The current password is wrong. */
  | { kind: 'wrong' }
  | PasswordRefusal

const busy: PasswordRefusal = { kind: 'busy', retryAfterSeconds: 2 }

/** Changes the user's own password, and ends all their other sessions. */
export async function changePassword(
  { database, passwords }: { database: Database; passwords: PasswordChecks },
  { currentPassword, newPassword, currentToken }: PasswordChange,
  actor: Actor,
): Promise<PasswordChangeResult> {
  const user = await database.prisma.user.findUnique({ where: { id: actor.userId } })
  if (!user) return { kind: 'wrong' }
  const { email, passwordHash } = user
  const verdict = await passwords.check({ email, password: currentPassword, passwordHash, ip: actor.ip })
  if (verdict.kind === 'wrong') await writeAudit(database.pool, actor, refusedNote(user.id))
  if (verdict.kind !== 'correct') return verdict
  const newHash = await passwords.hash(newPassword, actor.ip)
  if (newHash === null) return busy
  return storePassword(database, { passwordHash, newHash, currentToken }, actor)
}

// Of two changes at the same time, the second one did not check the password that holds now.
const storePasswordSql = `
  update users
  set password_hash = $3
  where id = $1
    and password_hash = $2`

function storePassword(
  database: Database,
  change: { passwordHash: string; newHash: string; currentToken: string },
  actor: Actor,
): Promise<PasswordChangeResult> {
  const { passwordHash, newHash, currentToken } = change
  return inTransaction(database, async (client): Promise<PasswordChangeResult> => {
    const { rowCount } = await client.query(storePasswordSql, [actor.userId, passwordHash, newHash])
    if (rowCount === 0) return { kind: 'wrong' }
    await writeAudit(client, actor, { ...refusedNote(actor.userId), action: 'password.changed' })
    return { kind: 'changed', ended: await endOtherSessions(client, currentToken, actor) }
  })
}

function refusedNote(userId: string): AuditEvent {
  return { action: 'password.refused', siteId: null, objectType: 'account', objectId: userId }
}
