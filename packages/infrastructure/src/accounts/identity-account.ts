import { randomUUID } from 'node:crypto'
import { parseRole, rolesOfGroups, type GroupRole, type Role } from '@ghostpost/delivery/accounts'
import { clipText, lineOf } from '@ghostpost/delivery/text'
import type { Database } from '../database/connection/open-database.ts'
import { writeAudit, type Caller } from '../database/upkeep/audit-log.ts'
import type { Identity } from '../oidc/open-issuer.ts'
import { endAllSessions, note } from './change-account.ts'
import { isLastAdmin } from './last-admin.ts'
import { changeAccounts, type Transaction } from './managed-account.ts'

export type IdentityRefusal =
  /** No account has the identity or its e-mail address, and its groups give no role. */
  | 'no_account'
  /** An account has the e-mail address, and the issuer does not vouch for it. */
  | 'email_not_verified'
  /** An account with another identity has the e-mail address. */
  | 'other_identity'
  | 'disabled'
  /** The groups give no role any more. */
  | 'no_role'

type IdentityResult = { kind: 'account'; userId: string } | { kind: 'refused'; reason: IdentityRefusal }

const nameLengthMax = 80

/**
 * The account of a person at the issuer: the one with the identity, the one with the verified e-mail address, or a new
 * one if the groups give a role. With `groupRoles` it gets the roles of the groups, and no others.
 */
export function accountOfIdentity(
  database: Database,
  identity: Identity,
  groupRoles: readonly GroupRole[],
  caller: Caller,
): Promise<IdentityResult> {
  return changeAccounts(database, async (client): Promise<IdentityResult> => {
    const wanted = groupRoles.length > 0 ? await rolesFor(client, identity, groupRoles) : null
    const found = await findOrCreate(client, identity, (wanted?.size ?? 0) > 0, caller)
    if (found.kind === 'refused' || wanted === null) return found
    const left = await syncRoles(client, found.userId, wanted, caller)
    return left > 0 ? found : { kind: 'refused', reason: 'no_role' }
  })
}

const siteIdsSql = 'select id from sites order by id'

async function rolesFor(
  client: Transaction,
  { groups }: Identity,
  groupRoles: readonly GroupRole[],
): Promise<Map<number, Role>> {
  const { rows } = await client.query<{ id: number }>(siteIdsSql)
  return rolesOfGroups(
    groupRoles,
    groups,
    rows.map(({ id }) => id),
  )
}

const findIdentitySql = `
  select
    u.id,
    u.disabled_at is not null as is_disabled
  from oidc_identities i
  join users u on u.id = i.user_id
  where i.issuer = $1
    and i.subject = $2`

const findByEmailSql = `
  select
    u.id,
    u.disabled_at is not null as is_disabled,
    exists (
      select
      from oidc_identities i
      where i.user_id = u.id
        and i.issuer = $2
    ) as has_identity
  from users u
  where u.email = $1`

async function findOrCreate(
  client: Transaction,
  identity: Identity,
  hasRoles: boolean,
  caller: Caller,
): Promise<IdentityResult> {
  const { issuer, subject, email, isEmailVerified } = identity
  const known = await client.query<{ id: string; is_disabled: boolean }>(findIdentitySql, [issuer, subject])
  const own = known.rows[0]
  if (own) return own.is_disabled ? refused('disabled') : { kind: 'account', userId: own.id }
  if (email === null) return refused('no_account')
  const { rows } = await client.query<{ id: string; is_disabled: boolean; has_identity: boolean }>(
    findByEmailSql,
    [email, issuer],
  )
  const same = rows[0]
  if (!same) return hasRoles ? create(client, { ...identity, email }, caller) : refused('no_account')
  if (!isEmailVerified) return refused('email_not_verified')
  if (same.has_identity) return refused('other_identity')
  if (same.is_disabled) return refused('disabled')
  return link(client, same.id, identity, caller)
}

function refused(reason: IdentityRefusal): IdentityResult {
  return { kind: 'refused', reason }
}

const insertUserSql = `
  insert into users (id, email, name, password_hash)
  values ($1, $2, $3, '')`

const insertIdentitySql = 'insert into oidc_identities (issuer, subject, user_id) values ($1, $2, $3)'
const dropPasswordSql = `update users set password_hash = '' where id = $1`

async function create(
  client: Transaction,
  { issuer, subject, email, name }: Identity & { email: string },
  caller: Caller,
): Promise<IdentityResult> {
  const userId = randomUUID()
  const shownName = clipText(lineOf(name) ?? email, nameLengthMax)
  await client.query(insertUserSql, [userId, email, shownName])
  await client.query(insertIdentitySql, [issuer, subject, userId])
  const details = { by: 'oidc', email }
  await writeAudit(client, { ...caller, userId }, { ...note('account.created', userId), details })
  return { kind: 'account', userId }
}

/** Somebody else may have made the account and know its password, so both end. */
async function link(
  client: Transaction,
  userId: string,
  { issuer, subject, email }: Identity,
  caller: Caller,
): Promise<IdentityResult> {
  await client.query(insertIdentitySql, [issuer, subject, userId])
  await client.query(dropPasswordSql, [userId])
  const ended = await endAllSessions(client, userId)
  const details = { by: 'oidc', email, sessions_ended: ended.length }
  await writeAudit(client, { ...caller, userId }, { ...note('account.linked', userId), details })
  return { kind: 'account', userId }
}

const rolesOfUserSql = `
  select
    site_id,
    role
  from memberships
  where user_id = $1`

const storeRoleSql = `
  insert into memberships (user_id, site_id, role)
  values ($1, $2, $3)
  on conflict (user_id, site_id) do update set role = excluded.role`

const dropRoleSql = 'delete from memberships where user_id = $1 and site_id = $2'

/** Gives the account these roles and no others. The last admin stays one. Returns the number of its roles. */
async function syncRoles(
  client: Transaction,
  userId: string,
  wanted: ReadonlyMap<number, Role>,
  caller: Caller,
): Promise<number> {
  const { rows } = await client.query<{ site_id: number; role: string }>(rolesOfUserSql, [userId])
  const held = new Map(rows.map(({ site_id: siteId, role }) => [siteId, parseRole(role)]))
  let left = wanted.size
  for (const siteId of new Set([...held.keys(), ...wanted.keys()])) {
    const [from = null, to = null] = [held.get(siteId), wanted.get(siteId)]
    if (from === to) continue
    if (from === 'admin' && (await isLastAdmin(client, userId, [siteId]))) {
      if (to === null) left += 1
      continue
    }
    if (to === null) await client.query(dropRoleSql, [userId, siteId])
    else await client.query(storeRoleSql, [userId, siteId, to])
    const details = { by: 'groups', from, to }
    await writeAudit(
      client,
      { ...caller, userId },
      { ...note('account.role_changed', userId), siteId, details },
    )
  }
  return left
}
