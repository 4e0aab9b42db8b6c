import { randomUUID } from 'node:crypto'
import type { Role } from '@ghostpost/delivery/accounts'
import {
  accountsMax,
  inviteDays,
  linksPerHourMax,
  type AccountView,
} from '@ghostpost/delivery/contract/accounts'
import type { Database } from '../database/connection/open-database.ts'
import { writeAudit, type Actor } from '../database/upkeep/audit-log.ts'
import { countLinks, createLink, type CreatedLink } from './account-links.ts'
import { endAllSessions, note } from './change-account.ts'
import {
  changeAccounts,
  findAccount,
  readAccount,
  type KnownAccount,
  type Transaction,
} from './managed-account.ts'

export interface Invitation {
  email: string
  name: string
  role: Role
  siteId: number
  /** False where accounts sign in through the issuer only: then there is no link. */
  withLink: boolean
}

export type InviteResult =
  /** The link is null for an account that can sign in already. */
  | { kind: 'invited'; account: AccountView; link: CreatedLink | null }
  /** The account has a role in the site already. */
  | { kind: 'exists' }
  /** The account has roles in sites of which the manager is no admin. */
  | { kind: 'elsewhere' }
  | { kind: 'disabled' }
  | { kind: 'too_many_accounts' }
  | { kind: 'too_many_links' }

const insertUserSql = `
  insert into users (id, email, name, password_hash)
  values ($1, $2, $3, '')`

const insertRoleSql = 'insert into memberships (user_id, site_id, role) values ($1, $2, $3)'
const countRolesSql = 'select count(*)::int as accounts from memberships where site_id = $1'

/**
 * Gives a person a role in a site: a new account, one that the manager manages, or one that has no role any more. An
 * account elsewhere is refused: whoever made it may hold its link, and would get the role.
 */
export function inviteAccount(
  database: Database,
  invitation: Invitation,
  actor: Actor,
): Promise<InviteResult> {
  const { email, siteId } = invitation
  return changeAccounts(database, async (client): Promise<InviteResult> => {
    const known = await findAccount(client, email, actor)
    const refusal = known && refusalOf(known, siteId)
    if (refusal) return refusal
    const { rows } = await client.query<{ accounts: number }>(countRolesSql, [siteId])
    if ((rows[0]?.accounts ?? 0) >= accountsMax) return { kind: 'too_many_accounts' }
    if ((await countLinks(client, actor.userId)) >= linksPerHourMax) return { kind: 'too_many_links' }
    return grant(client, known, invitation, actor)
  })
}

function refusalOf({ siteIds, isManageable, isDisabled }: KnownAccount, siteId: number): InviteResult | null {
  if (siteIds.includes(siteId)) return { kind: 'exists' }
  if (!isManageable) return { kind: 'elsewhere' }
  return isDisabled && siteIds.length > 0 ? { kind: 'disabled' } : null
}

async function grant(
  client: Transaction,
  known: KnownAccount | null,
  { email, name, role, siteId, withLink }: Invitation,
  actor: Actor,
): Promise<InviteResult> {
  const id = known?.id ?? randomUUID()
  if (!known) await client.query(insertUserSql, [id, email, name])
  else if (known.siteIds.length === 0) await forgetOwner(client, id)
  const needsLink = withLink && (!known?.canSignIn || known.siteIds.length === 0)
  await client.query(insertRoleSql, [id, siteId, role])
  const purpose = 'invite'
  const lifetimeHours = inviteDays * 24
  const link = needsLink
    ? await createLink(client, { purpose, userId: id, createdBy: actor.userId, lifetimeHours })
    : null
  await writeAudit(client, actor, { ...note('account.invited', id), siteId, details: { email, role } })
  const account = await readAccount(client, id, siteId, actor)
  if (!account) throw new Error('The invited account was not stored.')
  return { kind: 'invited', account, link }
}

const forgetOwnerSql = `
  update users
  set
    password_hash = '',
    disabled_at = null
  where id = $1`

const forgetIdentitiesSql = 'delete from oidc_identities where user_id = $1'

const revokeAllKeysSql = `
  update api_keys
  set revoked_at = now()
  where user_id = $1
    and revoked_at is null`

/** Nobody vouches for who holds the password and the keys of an account without a role. */
async function forgetOwner(client: Transaction, userId: string): Promise<void> {
  await client.query(forgetOwnerSql, [userId])
  await client.query(forgetIdentitiesSql, [userId])
  await client.query(revokeAllKeysSql, [userId])
  await endAllSessions(client, userId)
}
