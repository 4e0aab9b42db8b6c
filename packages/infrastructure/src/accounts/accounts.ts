import type { Role } from '@ghostpost/delivery/accounts'
import type { AccountView, SetupBody } from '@ghostpost/delivery/contract/accounts'
import type { Database } from '../database/connection/open-database.ts'
import type { Actor, Caller } from '../database/upkeep/audit-log.ts'
import { findLink, type OpenLink } from './account-links.ts'
import {
  changeRole,
  createResetLink,
  disableAccount,
  enableAccount,
  removeAccount,
  type AccountInSite,
  type AccountRefusal,
  type ChangeResult,
  type LinkResult,
} from './change-account.ts'
import { inviteAccount, type Invitation, type InviteResult } from './invite-account.ts'
import { listAccounts } from './managed-account.ts'
import type { PasswordChecks } from './password-checks.ts'
import type { Sessions } from './sessions.ts'
import { setPassword, type LinkUse, type SetPasswordResult } from './set-password.ts'
import { hasAccounts, setUp, type SetUpResult } from './set-up.ts'

/** The accounts with a role in a site, as its admins manage them. The caller of these has checked that right. */
export interface Accounts {
  list: (siteId: number, actor: Actor) => Promise<AccountView[]>
  invite: (invitation: Invitation, actor: Actor) => Promise<InviteResult>
  changeRole: (account: AccountInSite, role: Role, actor: Actor) => Promise<ChangeResult>
  remove: (account: AccountInSite, actor: Actor) => Promise<{ kind: 'removed' } | AccountRefusal>
  /** Its sessions end everywhere within 5 s, its API keys within 3 s. */
  disable: (account: AccountInSite, actor: Actor) => Promise<ChangeResult>
  enable: (account: AccountInSite, actor: Actor) => Promise<ChangeResult>
  createLink: (account: AccountInSite, actor: Actor) => Promise<LinkResult>
  findLink: (token: string) => Promise<OpenLink | null>
  setPassword: (use: LinkUse, caller: Caller) => Promise<SetPasswordResult>
  /** Whether the installation has an account. True for ever once it was. */
  exist: () => Promise<boolean>
  setUp: (body: SetupBody, caller: Caller) => Promise<SetUpResult>
}

export function openAccounts(
  database: Database,
  passwords: PasswordChecks,
  sessions: Pick<Sessions, 'forget'>,
): Accounts {
  let exist = false
  return {
    list: (siteId, actor) => listAccounts(database, siteId, actor),
    invite: (invitation, actor) => inviteAccount(database, invitation, actor),
    changeRole: (account, role, actor) => changeRole(database, account, role, actor),
    remove: (account, actor) => removeAccount(database, account, actor),
    disable: (account, actor) => disableAccount(database, account, actor, sessions.forget),
    enable: (account, actor) => enableAccount(database, account, actor),
    createLink: (account, actor) => createResetLink(database, account, actor),
    findLink: (token) => findLink(database.pool, token),
    setPassword: async (use, caller) => {
      const result = await setPassword({ database, passwords }, use, caller)
      if (result.kind === 'set') sessions.forget(result.ended)
      return result
    },
    exist: async () => (exist ||= await hasAccounts(database.pool)),
    setUp: (body, caller) => setUp({ database, passwords }, body, caller),
  }
}
