import { randomUUID } from 'node:crypto'
import {
  addAccount,
  createSetupToken,
  openAccounts,
  openPasswordChecks,
  openSessions,
} from '@ghostpost/infrastructure/accounts'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase } from '@ghostpost/test-kit/test-database'
import type { StatementContext } from './statement-context.ts'

const password = 'a long pass phrase'

/** Runs every statement that manages accounts. */
export async function runAccountStatements(context: StatementContext): Promise<void> {
  await manageAccounts(context)
  await signInByIdentity(context)
  await setUp(context)
}

async function manageAccounts({ database, actor }: StatementContext): Promise<void> {
  const sessions = openSessions(database, 60_000)
  const accounts = openAccounts(database, openPasswordChecks(), sessions)
  await createUser(database, [4, 7], 'admin')
  const invitation = {
    email: 'invited@example.test',
    name: 'Invited',
    role: 'viewer',
    siteId: 4,
    withLink: true,
  } as const
  const invited = await accounts.invite(invitation, actor)
  if (invited.kind !== 'invited' || !invited.link) throw new Error('Nobody was invited.')
  const account = { id: invited.account.id, siteId: 4 }
  await accounts.list(4, actor)
  await accounts.findLink(invited.link.token)
  await accounts.setPassword({ token: invited.link.token, password }, actor)
  await accounts.changeRole(account, 'operator', actor)
  await accounts.createLink(account, actor)
  await accounts.disable(account, actor)
  await accounts.enable(account, actor)
  await accounts.remove(account, actor)
  await accounts.invite(invitation, actor)
  const added = {
    email: 'added@example.test',
    name: 'Added',
    password,
    site: 99,
    role: 'viewer',
    siteName: 'New',
  } as const
  await addAccount(database, added)
}

async function signInByIdentity({ database, actor }: StatementContext): Promise<void> {
  const sessions = openSessions(database, 60_000)
  const base = {
    issuer: 'https://id.example.test',
    isEmailVerified: true,
    name: 'Person',
    groups: new Set(['sales']),
  }
  const groupRoles = [{ group: 'sales', role: 'viewer', siteId: 4 }] as const
  const request = { requestId: actor.requestId, ip: actor.ip, groupRoles, userAgent: null }
  const created = { ...base, subject: randomUUID(), email: 'person@example.test' }
  await sessions.createByIdentity({ ...request, identity: created })
  const elsewhere = [{ group: 'sales', role: 'viewer', siteId: 7 }] as const
  await sessions.createByIdentity({ ...request, identity: created, groupRoles: elsewhere })
  await sessions.createByIdentity({
    ...request,
    identity: { ...base, subject: randomUUID(), email: 'added@example.test' },
  })
}

/** In a database of its own, without accounts. */
async function setUp({ actor }: StatementContext): Promise<void> {
  const database = await createTestDatabase()
  try {
    await database.prisma.user.deleteMany()
    const accounts = openAccounts(database, openPasswordChecks(), openSessions(database, 60_000))
    const token = (await createSetupToken(database)) ?? ''
    const body = { token, email: 'first@example.test', name: 'First', password, site_name: 'Shop' }
    const { requestId, ip } = actor
    const result = await accounts.setUp(body, { requestId, ip })
    if (result.kind !== 'done') throw new Error(`The installation was not set up: ${result.kind}`)
  } finally {
    await database.drop()
  }
}
