import { randomUUID } from 'node:crypto'
import type { SetupBody } from '@ghostpost/delivery/contract/accounts'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import type { Database } from '../database/connection/open-database.ts'
import { writeAudit, type Caller } from '../database/upkeep/audit-log.ts'
import { createLink, takeSetupLink } from './account-links.ts'
import { note } from './change-account.ts'
import { changeAccounts, type Queries, type Transaction } from './managed-account.ts'
import type { PasswordChecks } from './password-checks.ts'

/** Long enough for a person to come back to a log; a restart makes another link. */
const setupHours = 7 * 24

const hasAccountsSql = `
  select exists (
    select
    from users
  ) as has_accounts`

/** Whether the installation has an account. */
export async function hasAccounts(queries: Queries): Promise<boolean> {
  const { rows } = await queries.query<{ has_accounts: boolean }>(hasAccountsSql)
  return rows[0]?.has_accounts ?? true
}

/** The token of a link that sets up the installation; null when it has an account. */
export async function createSetupToken({ pool }: Pick<Database, 'pool'>): Promise<string | null> {
  if (await hasAccounts(pool)) return null
  const link = { purpose: 'setup', userId: null, createdBy: null, lifetimeHours: setupHours } as const
  return (await createLink(pool, link)).token
}

export type SetUpResult =
  | { kind: 'done'; siteIds: number[] }
  /** The installation has an account. */
  | { kind: 'has_accounts' }
  | { kind: 'no_link' }
  | { kind: 'busy' }

/** Creates the first account, admin of every site. Creates the first site if there is none. */
export async function setUp(
  { database, passwords }: { database: Database; passwords: PasswordChecks },
  body: SetupBody,
  caller: Caller,
): Promise<SetUpResult> {
  if (await hasAccounts(database.pool)) return { kind: 'has_accounts' }
  const hash = await passwords.hash(body.password, caller.ip)
  if (hash === null) return { kind: 'busy' }
  return changeAccounts(database, async (client): Promise<SetUpResult> => {
    if (await hasAccounts(client)) return { kind: 'has_accounts' }
    if (!(await takeSetupLink(client, body.token))) return { kind: 'no_link' }
    const siteIds = await createFirstAdmin(client, body, hash)
    for (const { id, siteId } of siteIds)
      await writeAudit(client, { ...caller, userId: id }, { ...note('account.created', id), siteId })
    return { kind: 'done', siteIds: siteIds.map(({ siteId }) => siteId) }
  })
}

const insertSiteSql = `
  insert into sites (id, name)
  select $1, $2
  where not exists (
    select
    from sites
  )`

const insertAdminSql = `
  insert into users (id, email, name, password_hash)
  values ($1, $2, $3, $4)`

const insertRolesSql = `
  insert into memberships (user_id, site_id, role)
  select
    $1,
    id,
    'admin'
  from sites
  returning site_id`

async function createFirstAdmin(
  client: Transaction,
  { email, name, site_name: siteName }: SetupBody,
  hash: string,
): Promise<{ id: string; siteId: number }[]> {
  const id = randomUUID()
  await client.query(insertSiteSql, [defaultSiteId, siteName])
  await client.query(insertAdminSql, [id, email.toLowerCase(), name, hash])
  const { rows } = await client.query<{ site_id: number }>(insertRolesSql, [id])
  return rows.map(({ site_id: siteId }) => ({ id, siteId }))
}
