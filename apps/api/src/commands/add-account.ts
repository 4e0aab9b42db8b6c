import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { parseRole, type Role } from '@ghostpost/delivery/accounts'
import { passwordLengthMin } from '@ghostpost/delivery/contract/password-length'
import { addAccount, type AddAccountResult } from '@ghostpost/infrastructure/accounts'
import { loadSettings } from '@ghostpost/infrastructure/config'
import { openDatabase } from '@ghostpost/infrastructure/database/connection'
import { runMain } from '@ghostpost/infrastructure/process'

const usage = `Usage: node apps/api/src/commands/add-account.ts --email ada@example.com --site 4
       --role viewer|operator|admin [--name "Ada Lovelace"] [--site-name "Our shop"] < password.txt`

/**
 * Creates an account, or gives an existing one a role in a site. Reads a new account's password from standard input.
 */
await runMain(async () => {
  const { email, name, site, role, siteName, values } = readArguments()
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  const settings = loadSettings(process.env)
  const database = openDatabase({
    url: settings.DATABASE_URL,
    poolMax: 1,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 15_000,
    applicationName: 'ghostpost-add-account',
    onIdleError: () => {},
  })
  try {
    const added = await addAccount(database, { email, name, password, site, role, siteName })
    if (added.kind !== 'created' && added.kind !== 'role') return refuse(refusals(email, site)[added.kind])
    console.log(sentenceOf(added, { email, role, site }))
    for (const sentence of ignored(added, { siteName, name: values.name })) console.log(sentence)
  } finally {
    await database.close()
  }
})

function readArguments() {
  try {
    const string = { type: 'string' } as const
    const options = { email: string, name: string, site: string, role: string, 'site-name': string }
    const { values } = parseArgs({ options })
    const { email = '', name = email } = values
    const site = Number(values.site)
    const role = parseRole(values.role ?? '')
    if (!/^\S+@\S+$/.test(email) || !Number.isInteger(site) || site < 1 || !role) throw new Error(usage)
    return { email, name, site, role, siteName: values['site-name'] ?? null, values }
  } catch {
    return refuse(usage)
  }
}

type Added = Extract<AddAccountResult, { kind: 'created' | 'role' }>
type Refusal = Exclude<AddAccountResult, Added>['kind']

function sentenceOf(
  added: Added,
  { email, role, site }: { email: string; role: Role; site: number },
): string {
  if (added.kind === 'created') return `${email} was created: ${role} of site ${site}.`
  if (added.from === role) return `${email} is ${role} of site ${site} already. Nothing changed.`
  const before = added.from === null ? '' : ` It was ${added.from}.`
  return `${email} was given the role: ${role} of site ${site}.${before}`
}

/** What the command was asked for and did not do, because it existed. */
function ignored(
  added: Added,
  { siteName, name }: { siteName: string | null; name: string | undefined },
): string[] {
  return [
    ...(siteName === null || siteName === added.siteName
      ? []
      : [`The site exists. It keeps its name: ${added.siteName}.`]),
    ...(added.kind === 'role' && name !== undefined ? ['The account exists. It keeps its name.'] : []),
  ]
}

function refusals(email: string, site: number): Record<Refusal, string> {
  return {
    no_such_site: `There is no site ${site}. Add --site-name to create it.`,
    password_too_short: `Write a password of at least ${passwordLengthMin} characters to standard input.`,
    other_password:
      `${email} exists and has another password. Nothing changed. To give it the role only, write nothing to ` +
      'standard input; for a new password, an admin makes a link: ghostpost accounts reset.',
    disabled: `${email} is disabled. Nothing changed. An admin enables it: ghostpost accounts enable.`,
    last_admin: `${email} is the last admin who can sign in. Nothing changed. Make another account an admin first.`,
  }
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}
