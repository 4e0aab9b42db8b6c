import type { GroupRole } from '@ghostpost/delivery/accounts'
import type { Database } from '../database/connection/open-database.ts'
import { auditEntry, type Caller } from '../database/upkeep/audit-log.ts'
import type { Identity } from '../oidc/open-issuer.ts'
import { accountOfIdentity, type IdentityRefusal } from './identity-account.ts'
import { createSession } from './sign-in.ts'

export interface IdentitySignIn extends Caller {
  identity: Identity
  /** Empty: admins give roles. */
  groupRoles: readonly GroupRole[]
  userAgent: string | null
}

export type IdentitySignInResult =
  | { kind: 'signed_in'; token: string }
  | { kind: 'refused'; reason: IdentityRefusal }

/** Signs in the account of a person whom the issuer has identified. */
export async function signInByIdentity(
  { database, ttlMs }: { database: Database; ttlMs: number },
  { identity, groupRoles, userAgent, requestId, ip }: IdentitySignIn,
): Promise<IdentitySignInResult> {
  const caller = { requestId, ip }
  const found = await accountOfIdentity(database, identity, groupRoles, caller)
  if (found.kind === 'refused') {
    const details = { by: 'oidc', reason: found.reason }
    const event = { action: 'session.refused', siteId: null, objectType: 'session', objectId: null } as const
    await auditEntry(database, { ...caller, userId: null }, { ...event, details })
    return found
  }
  const { userId } = found
  const session = { userAgent, checkedHash: null }
  const created = await createSession({ database, ttlMs }, session, { ...caller, userId })
  return created ? { kind: 'signed_in', token: created.token } : { kind: 'refused', reason: 'disabled' }
}
