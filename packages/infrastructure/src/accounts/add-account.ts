import type { Role } from '@ghostpost/delivery/accounts'
import type { Database } from '../database/connection/open-database.ts'
import { hashPassword } from './password.ts'

export interface NewAccount {
  email: string
  name: string
  /** Needed for a new account; that of one there is already stays as it is. */
  password: string
  site: number
  role: Role
  /** Makes the site where there is none with this id. */
  siteName: string | null
}

export type AddAccountResult = 'created' | 'given the role' | 'no such site' | 'password too short'

/** Long enough that the limit on sign-in tries outlasts guessing. */
export const passwordLengthMin = 12

/** Makes an account with a role in a site, or gives that role to an account there is. Safe to repeat. */
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
