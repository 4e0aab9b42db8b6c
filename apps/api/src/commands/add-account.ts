import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { parseRole } from '@ghostpost/delivery/accounts'
import { passwordLengthMin } from '@ghostpost/delivery/contract/password-length'
import { addAccount } from '@ghostpost/infrastructure/accounts'
import { loadSettings } from '@ghostpost/infrastructure/config'
import { openDatabase } from '@ghostpost/infrastructure/database/connection'
import { runMain } from '@ghostpost/infrastructure/process'

const usage = `Usage: node apps/api/src/commands/add-account.ts --email ada@example.com --site 4
       --role viewer|operator|admin [--name "Ada Lovelace"] [--site-name "Our shop"] < password.txt`

/**
 * Creates an account, or gives an existing one a role in a site. Reads a new account's password from standard input.
 */
await runMain(async () => {
  const { email, name, site, role, siteName } = readArguments()
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
    if (added === 'no such site') return refuse(`There is no site ${site}. Add --site-name to create it.`)
    if (added === 'password too short')
      return refuse(`Write a password of at least ${passwordLengthMin} characters to standard input.`)
    console.log(`${email} was ${added}: ${role} of site ${site}.`)
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
    return { email, name, site, role, siteName: values['site-name'] ?? null }
  } catch {
    return refuse(usage)
  }
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}
