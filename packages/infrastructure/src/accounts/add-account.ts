import { randomUUID } from 'node:crypto'
import { parseRole, type Role } from '@ghostpost/delivery/accounts'
import { passwordLengthMin } from '@ghostpost/delivery/contract/password-length'
import type { Database } from '../database/connection/open-database.ts'
import { auditEntry } from '../database/upkeep/audit-log.ts'
import { note } from './change-account.ts'
import { isLastAdmin } from './last-admin.ts'
import { changeAccounts, type Transaction } from './managed-account.ts'
import { hashPassword, isPasswordCorrect } from './password.ts'

export interface NewAccount {
  email: string
  /** Only for a new account. */
  name: string
  /** Only for a new account: the password of an existing account does not change. */
  password: string
  site: number
  role: Role
  /** Creates the site with this name when no site has the id; null creates no site. */
  siteName: string | null
}

export type AddAccountResult =
  | { kind: 'created'; siteName: string }
  /** The account existed. `from` is its role before, null for none. */
  | { kind: 'role'; from: Role | null; siteName: string }
  | { kind: 'no_such_site' }
  | { kind: 'password_too_short' }
  /** The account exists and has another password. */
  | { kind: 'other_password' }
  | { kind: 'disabled' }
  | { kind: 'last_admin' }

/** Creates an account with a role in a site, or gives an existing account that role. Safe to repeat. */
export async function addAccount(database: Database, account: NewAccount): Promise<AddAccountResult> {
  const email = account.email.toLowerCase()
  const existing = await database.prisma.user.findUnique({ where: { email } })
  const refusal = existing ? await refusalFor(existing, account.password) : tooShort(account.password)
  if (refusal) return refusal
  const hash = existing ? '' : await hashPassword(account.password)
  const id = existing?.id ?? randomUUID()
  const result = await changeAccounts(database, (client) =>
    store(client, { ...account, email, id, hash, isNew: !existing }),
  )
  const { siteName: _name, site: siteId, role } = account
  const action = result.kind === 'created' ? 'account.created' : 'account.role_changed'
  const isChanged = result.kind === 'created' || (result.kind === 'role' && result.from !== role)
  const caller = { requestId: 'add-account', ip: 'local', userId: null }
  const details = { email, role }
  if (isChanged) await auditEntry(database, caller, { ...note(action, id), siteId, details })
  return result
}

function tooShort(password: string): AddAccountResult | null {
  return password.length < passwordLengthMin ? { kind: 'password_too_short' } : null
}

async function refusalFor(
  { disabledAt, passwordHash }: { disabledAt: Date | null; passwordHash: string },
  password: string,
): Promise<AddAccountResult | null> {
  if (disabledAt) return { kind: 'disabled' }
  if (password === '' || (await isPasswordCorrect(passwordHash, password))) return null
  return { kind: 'other_password' }
}

type AccountToStore = NewAccount & { id: string; hash: string; isNew: boolean }

const insertSiteSql = 'insert into sites (id, name) values ($1, $2) on conflict do nothing'
const siteNameSql = 'select name from sites where id = $1'

const insertUserSql = `
  insert into users (id, email, name, password_hash)
  values ($1, $2, $3, $4)`

const roleSql = 'select role from memberships where user_id = $1 and site_id = $2'

const storeRoleSql = `
  insert into memberships (user_id, site_id, role)
  values ($1, $2, $3)
  on conflict (user_id, site_id) do update set role = excluded.role`

async function store(client: Transaction, account: AccountToStore): Promise<AddAccountResult> {
  const { id, email, name, hash, isNew, site, role } = account
  if (account.siteName !== null) await client.query(insertSiteSql, [site, account.siteName])
  const { rows: sites } = await client.query<{ name: string }>(siteNameSql, [site])
  const siteName = sites[0]?.name
  if (siteName === undefined) return { kind: 'no_such_site' }
  if (isNew) await client.query(insertUserSql, [id, email, name, hash])
  const { rows } = await client.query<{ role: string }>(roleSql, [id, site])
  const from = parseRole(rows[0]?.role ?? '')
  if (from === 'admin' && role !== 'admin' && (await isLastAdmin(client, id, [site])))
    return { kind: 'last_admin' }
  await client.query(storeRoleSql, [id, site, role])
  return isNew ? { kind: 'created', siteName } : { kind: 'role', from, siteName }
}
