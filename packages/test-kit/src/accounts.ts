import { randomBytes } from 'node:crypto'
import type { Role } from '@ghostpost/delivery/accounts'
import {
  hashPassword,
  hashSessionToken,
  newSessionToken,
  openApiKeys,
} from '@ghostpost/infrastructure/accounts'
import type { Database } from '@ghostpost/infrastructure/database/connection'

export interface TestUser {
  id: string
  email: string
  password: string
}

/** Creates a user with a role in the given sites. */
export async function createUser(
  { prisma }: Database,
  sites: readonly number[],
  role: Role = 'operator',
): Promise<TestUser> {
  const name = randomBytes(5).toString('hex')
  const password = `password ${name}`
  const user = await prisma.user.create({
    data: {
      email: `${name}@example.test`,
      name,
      passwordHash: await hashPassword(password),
      memberships: { create: sites.map((siteId) => ({ siteId, role })) },
    },
  })
  return { id: user.id, email: user.email, password }
}

/** Creates a session of the user, live by default, and returns its token. */
export async function createSessionToken(
  { prisma }: Database,
  userId: string,
  state: 'live' | 'expired' | 'revoked' = 'live',
): Promise<string> {
  const token = newSessionToken()
  const hour = 3_600_000
  await prisma.session.create({
    data: {
      tokenHash: hashSessionToken(token),
      userId,
      expiresAt: new Date(Date.now() + (state === 'expired' ? -hour : hour)),
      revokedAt: state === 'revoked' ? new Date() : null,
    },
  })
  return token
}

/** Creates an API key of the user, live by default, and returns it. */
export async function createApiKey(
  database: Database,
  userId: string,
  { siteId = 4, role = 'operator' }: { siteId?: number; role?: Role } = {},
  state: 'live' | 'expired' | 'revoked' = 'live',
): Promise<string> {
  const name = randomBytes(5).toString('hex')
  const actor = { userId, requestId: 'test', ip: '192.0.2.1' }
  const result = await openApiKeys(database).create({ siteId, name, role, days: 1 }, actor)
  if (result.kind !== 'created') throw new Error(`The API key was not created: ${result.kind}`)
  const ended = new Date(Date.now() - 60_000)
  await database.prisma.apiKey.update({
    where: { id: result.view.id },
    data: {
      ...(state === 'expired' && { expiresAt: ended }),
      ...(state === 'revoked' && { revokedAt: ended }),
    },
  })
  return result.key
}

/** Creates a user who is admin of all sites; returns a session token. */
export async function createAdminSession(database: Database): Promise<string> {
  const { rows } = await database.pool.query<{ id: number }>('select id from sites')
  const { id } = await createUser(
    database,
    rows.map((site) => site.id),
    'admin',
  )
  return createSessionToken(database, id)
}
