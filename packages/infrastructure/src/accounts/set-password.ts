import { inTransaction } from '../database/connection/in-transaction.ts'
import type { Database } from '../database/connection/open-database.ts'
import { writeAudit, type Caller } from '../database/upkeep/audit-log.ts'
import { endLinks, findLink, takeLink } from './account-links.ts'
import { endAllSessions, note } from './change-account.ts'
import type { PasswordChecks } from './password-checks.ts'

export interface LinkUse {
  token: string
  /** At least `passwordLengthMin` characters. */
  password: string
}

export type SetPasswordResult =
  | { kind: 'set'; /** Digests of the tokens of the ended sessions. */ ended: Buffer[] }
  /** The link is unknown, used, replaced or expired, or its account is disabled. */
  | { kind: 'no_link' }
  /** Too many passwords wait to be hashed. */
  | { kind: 'busy' }

const setPasswordSql = 'update users set password_hash = $2 where id = $1'

/** Sets the password of the account that a link is for, and ends the account's sessions and links. */
export async function setPassword(
  { database, passwords }: { database: Database; passwords: PasswordChecks },
  { token, password }: LinkUse,
  caller: Caller,
): Promise<SetPasswordResult> {
  // An unknown link costs no hash.
  const link = await findLink(database.pool, token)
  if (!link) return { kind: 'no_link' }
  const hash = await passwords.hash(password, caller.ip)
  if (hash === null) return { kind: 'busy' }
  return inTransaction(database, async (client): Promise<SetPasswordResult> => {
    if (!(await takeLink(client, token))) return { kind: 'no_link' }
    const { userId, purpose } = link
    await client.query(setPasswordSql, [userId, hash])
    await endLinks(client, userId)
    const ended = await endAllSessions(client, userId)
    const details = { by: purpose, sessions_ended: ended.length }
    await writeAudit(client, { ...caller, userId }, { ...note('password.set', userId), details })
    return { kind: 'set', ended }
  })
}
