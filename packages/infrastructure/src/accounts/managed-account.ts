import type { Role } from '@ghostpost/delivery/accounts'
import { accountsMax, type AccountView } from '@ghostpost/delivery/contract/accounts'
import { inTransaction } from '../database/connection/in-transaction.ts'
import type { Database } from '../database/connection/open-database.ts'

export type Queries = Pick<Database['pool'], 'query'>
export type Transaction = Parameters<Parameters<typeof inTransaction>[1]>[0]

/** The person who manages accounts. */
interface Manager {
  userId: string
}

// One change of roles at a time: two admins who demote each other would leave none.
const lockRolesSql = 'lock table memberships in share row exclusive mode'

/** Runs a change of accounts or their roles, after all others that run. */
export function changeAccounts<T>(
  database: Pick<Database, 'pool'>,
  work: (client: Transaction) => Promise<T>,
): Promise<T> {
  return inTransaction(database, async (client) => {
    await client.query(lockRolesSql)
    return work(client)
  })
}

// Whoever makes links for an account can become it, so this needs the rights that it has.
const isManageableSql = (manager: string): string => `not exists (
      select
      from memberships held
      where held.user_id = u.id
        and not exists (
          select
          from memberships own
          where own.user_id = ${manager}
            and own.site_id = held.site_id
            and own.role = 'admin'
        )
    )`

const accountColumns = (manager: string): string => `
    u.id,
    u.email,
    u.name,
    m.role,
    u.password_hash <> '' as has_password,
    exists (
      select
      from oidc_identities i
      where i.user_id = u.id
    ) as has_identity,
    u.disabled_at is not null as is_disabled,
    u.created_at,
    (
      select max(s.last_used_at)
      from sessions s
      where s.user_id = u.id
        and s.revoked_at is null
        and s.expires_at > now()
    ) as last_seen_at,
    (
      select max(l.expires_at)
      from account_links l
      where l.user_id = u.id
        and l.ended_at is null
        and l.expires_at > now()
    ) as link_expires_at,
    ${isManageableSql(manager)} as is_manageable`

interface AccountRow {
  id: string
  email: string
  name: string
  role: Role
  has_password: boolean
  has_identity: boolean
  is_disabled: boolean
  created_at: Date
  last_seen_at: Date | null
  link_expires_at: Date | null
  is_manageable: boolean
}

const listAccountsSql = `
  select ${accountColumns('$2')}
  from memberships m
  join users u on u.id = m.user_id
  where m.site_id = $1
  order by u.email
  limit ${accountsMax}`

/** The accounts with a role in a site, by e-mail address. */
export async function listAccounts(
  { pool }: Pick<Database, 'pool'>,
  siteId: number,
  manager: Manager,
): Promise<AccountView[]> {
  const { rows } = await pool.query<AccountRow>(listAccountsSql, [siteId, manager.userId])
  return rows.map(viewOf)
}

const readAccountSql = `
  select ${accountColumns('$3')}
  from memberships m
  join users u on u.id = m.user_id
  where m.site_id = $2
    and u.id = $1`

/** An account with its role in a site; null when it has none there. */
export async function readAccount(
  queries: Queries,
  id: string,
  siteId: number,
  manager: Manager,
): Promise<AccountView | null> {
  const { rows } = await queries.query<AccountRow>(readAccountSql, [id, siteId, manager.userId])
  return rows[0] ? viewOf(rows[0]) : null
}

const findByEmailSql = `
  select
    u.id,
    u.password_hash <> '' or exists (
      select
      from oidc_identities i
      where i.user_id = u.id
    ) as can_sign_in,
    u.disabled_at is not null as is_disabled,
    (
      select array_agg(m.site_id)
      from memberships m
      where m.user_id = u.id
    ) as site_ids,
    ${isManageableSql('$2')} as is_manageable
  from users u
  where u.email = $1`

interface KnownAccountRow {
  id: string
  can_sign_in: boolean
  is_disabled: boolean
  site_ids: number[] | null
  is_manageable: boolean
}

/** An account that has an e-mail address, in whichever sites. */
export interface KnownAccount {
  id: string
  canSignIn: boolean
  isDisabled: boolean
  siteIds: number[]
  isManageable: boolean
}

/** The account of an e-mail address in lower case; null without one. */
export async function findAccount(
  queries: Queries,
  email: string,
  manager: Manager,
): Promise<KnownAccount | null> {
  const { rows } = await queries.query<KnownAccountRow>(findByEmailSql, [email, manager.userId])
  const row = rows[0]
  return row
    ? {
        id: row.id,
        canSignIn: row.can_sign_in,
        isDisabled: row.is_disabled,
        siteIds: row.site_ids ?? [],
        isManageable: row.is_manageable,
      }
    : null
}

function viewOf(row: AccountRow): AccountView {
  const canSignIn = row.has_password || row.has_identity
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    state: row.is_disabled ? 'disabled' : canSignIn ? 'active' : 'invited',
    has_password: row.has_password,
    has_single_sign_on: row.has_identity,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
    link_expires_at: row.link_expires_at?.toISOString() ?? null,
    manageable: row.is_manageable,
  }
}
