import type { Role } from '@ghostpost/delivery/accounts'
import {
  linksPerHourMax,
  resetHours,
  inviteDays,
  type AccountView,
} from '@ghostpost/delivery/contract/accounts'
import type { Database } from '../database/connection/open-database.ts'
import { writeAudit, type Actor, type AuditEvent } from '../database/upkeep/audit-log.ts'
import { countLinks, createLink, endLinks, type CreatedLink } from './account-links.ts'
import { isLastAdmin } from './last-admin.ts'
import { changeAccounts, readAccount, type Queries, type Transaction } from './managed-account.ts'

/** Why an account was not changed. */
export type AccountRefusal =
  /** The account has no role in the site. */
  | { kind: 'not_found' }
  /** The manager is not admin of each of its sites. */
  | { kind: 'not_manageable' }
  | { kind: 'own_account' }
  /** Nobody would be left who is admin of the site, or of every site. */
  | { kind: 'last_admin' }
  | { kind: 'disabled' }
  /** The manager made too many links. */
  | { kind: 'too_many_links' }

export type ChangeResult = { kind: 'changed'; account: AccountView } | AccountRefusal

export interface AccountInSite {
  id: string
  siteId: number
}

const setRoleSql = 'update memberships set role = $3 where user_id = $1 and site_id = $2'

/** Changes the role of an account in a site. Safe to repeat. */
export function changeRole(
  database: Database,
  account: AccountInSite,
  role: Role,
  actor: Actor,
): Promise<ChangeResult> {
  const { id, siteId } = account
  return changeAccounts(database, async (client): Promise<ChangeResult> => {
    const before = await readAccount(client, id, siteId, actor)
    if (!before) return { kind: 'not_found' }
    if (before.role === role) return { kind: 'changed', account: before }
    if (await isLastAdmin(client, id, [siteId])) return { kind: 'last_admin' }
    await client.query(setRoleSql, [id, siteId, role])
    const details = { from: before.role, to: role }
    await writeAudit(client, actor, { ...note('account.role_changed', id), siteId, details })
    return changed(client, account, actor)
  })
}

const removeSql = 'delete from memberships where user_id = $1 and site_id = $2'

const revokeKeysSql = `
  update api_keys
  set revoked_at = now()
  where user_id = $1
    and site_id = $2
    and revoked_at is null`

/** Takes the role of an account in a site away, and revokes its API keys there. */
export function removeAccount(
  database: Database,
  { id, siteId }: AccountInSite,
  actor: Actor,
): Promise<{ kind: 'removed' } | AccountRefusal> {
  return changeAccounts(database, async (client): Promise<{ kind: 'removed' } | AccountRefusal> => {
    const before = await readAccount(client, id, siteId, actor)
    if (!before) return { kind: 'not_found' }
    if (await isLastAdmin(client, id, [siteId])) return { kind: 'last_admin' }
    await client.query(removeSql, [id, siteId])
    const { rowCount } = await client.query(revokeKeysSql, [id, siteId])
    const details = { email: before.email, role: before.role, api_keys_revoked: rowCount ?? 0 }
    await writeAudit(client, actor, { ...note('account.removed', id), siteId, details })
    return { kind: 'removed' }
  })
}

const disableSql = 'update users set disabled_at = now() where id = $1'
const enableSql = 'update users set disabled_at = null where id = $1'
const sitesOfSql = 'select site_id from memberships where user_id = $1'

const endSessionsSql = `
  update sessions
  set revoked_at = now()
  where user_id = $1
    and revoked_at is null
    and expires_at > now()
  returning token_hash`

/** Ends all sessions of an account. Returns the digests of their tokens. */
export async function endAllSessions(queries: Queries, userId: string): Promise<Buffer[]> {
  const { rows } = await queries.query<{ token_hash: Buffer }>(endSessionsSql, [userId])
  return rows.map(({ token_hash: hash }) => hash)
}

/**
 * Disables an account: ends its sessions and links, and its API keys stop working. Safe to repeat.
 * @param forget is called with the digests of the ended sessions
 */
export function disableAccount(
  database: Database,
  account: AccountInSite,
  actor: Actor,
  forget: (hashes: readonly Uint8Array[]) => void,
): Promise<ChangeResult> {
  const { id } = account
  return changeAccounts(database, async (client): Promise<ChangeResult> => {
    const before = await manageable(client, account, actor)
    if ('kind' in before) return before
    if (id === actor.userId) return { kind: 'own_account' }
    if (before.state === 'disabled') return { kind: 'changed', account: before }
    const { rows } = await client.query<{ site_id: number }>(sitesOfSql, [id])
    const siteIds = rows.map(({ site_id: one }) => one)
    if (await isLastAdmin(client, id, siteIds)) return { kind: 'last_admin' }
    await client.query(disableSql, [id])
    await endLinks(client, id)
    const ended = await endAllSessions(client, id)
    const details = { email: before.email, sessions_ended: ended.length }
    await writeAudit(client, actor, { ...note('account.disabled', id), details })
    forget(ended)
    return changed(client, account, actor)
  })
}

/** Enables a disabled account. Its API keys work again; its sessions have ended. Safe to repeat. */
export function enableAccount(
  database: Database,
  account: AccountInSite,
  actor: Actor,
): Promise<ChangeResult> {
  return changeAccounts(database, async (client): Promise<ChangeResult> => {
    const before = await manageable(client, account, actor)
    if ('kind' in before) return before
    if (before.state !== 'disabled') return { kind: 'changed', account: before }
    await client.query(enableSql, [account.id])
    const details = { email: before.email }
    await writeAudit(client, actor, { ...note('account.enabled', account.id), details })
    return changed(client, account, actor)
  })
}

export type LinkResult = { kind: 'created'; account: AccountView; link: CreatedLink } | AccountRefusal

/** Makes a link by which the owner of an account sets a new password. The present one works until then. */
export function createResetLink(
  database: Database,
  account: AccountInSite,
  actor: Actor,
): Promise<LinkResult> {
  const { id } = account
  return changeAccounts(database, async (client): Promise<LinkResult> => {
    const before = await manageable(client, account, actor)
    if ('kind' in before) return before
    if (before.state === 'disabled') return { kind: 'disabled' }
    if ((await countLinks(client, actor.userId)) >= linksPerHourMax) return { kind: 'too_many_links' }
    const purpose = before.state === 'invited' ? 'invite' : 'reset'
    const lifetimeHours = purpose === 'invite' ? inviteDays * 24 : resetHours
    const link = await createLink(client, { purpose, userId: id, createdBy: actor.userId, lifetimeHours })
    const details = { email: before.email, purpose, expires_at: link.expiresAt.toISOString() }
    await writeAudit(client, actor, { ...note('account.link_created', id), details })
    const after = await readAccount(client, id, account.siteId, actor)
    return { kind: 'created', account: after ?? before, link }
  })
}

async function manageable(
  client: Transaction,
  { id, siteId }: AccountInSite,
  actor: Actor,
): Promise<AccountView | AccountRefusal> {
  const account = await readAccount(client, id, siteId, actor)
  if (!account) return { kind: 'not_found' }
  return account.manageable ? account : { kind: 'not_manageable' }
}

async function changed(
  client: Transaction,
  { id, siteId }: AccountInSite,
  actor: Actor,
): Promise<ChangeResult> {
  const account = await readAccount(client, id, siteId, actor)
  return account ? { kind: 'changed', account } : { kind: 'not_found' }
}

/** What concerns an account as a whole belongs to no site, so the admins of each of its sites see it. */
export function note(action: AuditEvent['action'], userId: string): AuditEvent {
  return { action, siteId: null, objectType: 'account', objectId: userId }
}
