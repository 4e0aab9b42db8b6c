import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashPassword } from '@ghostpost/infrastructure/accounts'
import { openDatabase } from '@ghostpost/infrastructure/database/connection'
import { migrate } from '@ghostpost/infrastructure/database/upkeep'

/** The demo account. Its password is public: the demo listens only on this machine. */
export const demoAccount = { email: 'demo@example.com', password: 'ghostpost-demo' }

const demoSiteId = 4

/** Migrates the database and seeds visitors and the demo account. Idempotent. Returns the applied migrations. */
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
        // Admin of every seeded site: the whole dashboard works in the demo.
        memberships: { create: [demoSiteId, 7].map((siteId) => ({ siteId, role: 'admin' })) },
      },
    })
  } finally {
    await database.close()
  }
  return applied
}

/** Signs in through the API; returns the session token. */
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
