import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashPassword } from '@ghostpost/infrastructure/accounts'
import { openDatabase } from '@ghostpost/infrastructure/database/connection'
import { migrate } from '@ghostpost/infrastructure/database/upkeep'

/** The sign-in of the demonstration; the demo listens on this machine alone. */
export const demoAccount = { email: 'demo@example.com', password: 'ghostpost-demo' }

const demoSiteId = 4

/** Brings the database up to date and fills it: tables, visitors, the demo account. Safe to repeat. */
export async function prepareDatabase(
  url: string,
  repository: string,
  warn: (message: string) => void,
): Promise<string[]> {
  const applied = await migrate(url, join(repository, 'prisma/migrations'), warn)
  const database = openDatabase({
    url,
    poolMax: 2,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 60_000,
    applicationName: 'ghostpost-seed',
    onIdleError: () => {},
  })
  try {
    await database.pool.query(await readFile(join(repository, 'prisma/seed.sql'), 'utf8'))
    await database.prisma.user.upsert({
      where: { email: demoAccount.email },
      update: {},
      create: {
        email: demoAccount.email,
        name: 'Demo',
        passwordHash: await hashPassword(demoAccount.password),
        // Admin of every site of the seed, so that all of the dashboard can be tried.
        memberships: { create: [demoSiteId, 7].map((siteId) => ({ siteId, role: 'admin' })) },
      },
    })
  } finally {
    await database.close()
  }
  return applied
}

/** Signs the demo account in, as any program would; returns the session token. */
export async function signIn(api: string): Promise<string> {
  const response = await fetch(`${api}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(demoAccount),
  })
  const token = /(?:^|;|,)\s*session=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1]
  if (!response.ok || !token)
    throw new Error(`The demo account could not sign in (status ${response.status}).`)
  return token
}
