import type { Role } from '@ghostpost/delivery/accounts'
import { passwordLengthMin } from '@ghostpost/delivery/contract/password-length'
import type { Database } from '../database/connection/open-database.ts'
import { hashPassword } from './password.ts'

export interface NewAccount {
  email: string
  name: string
  /** Only for a new account: the password of an existing account does not change. */
  password: string
  site: number
  role: Role
  /** Creates the site with this name when no site has the id; null creates no site. */
  siteName: string | null
}

export type AddAccountResult = 'created' | 'given the role' | 'no such site' | 'password too short'

/** Creates an account with a role in a site, or gives an existing account that role. Safe to repeat. */
export async function addAccount({ prisma }: Database, account: NewAccount): Promise<AddAccountResult> {
  const { name, password, site, role, siteName } = account
  const email = account.email.toLowerCase()
  const existing = await prisma.user.findUnique({ where: { email } })
  if (!existing && password.length < passwordLengthMin) return 'password too short'
  if (siteName !== null)
    await prisma.site.upsert({ where: { id: site }, update: {}, create: { id: site, name: siteName } })
  else if ((await prisma.site.count({ where: { id: site } })) === 0) return 'no such site'
  const user =
    existing ??
    (await prisma.user.create({ data: { email, name, passwordHash: await hashPassword(password) } }))
  const membership = { userId: user.id, siteId: site }
  await prisma.membership.upsert({
    where: { userId_siteId: membership },
    update: { role },
    create: { ...membership, role },
  })
  return existing ? 'given the role' : 'created'
}
