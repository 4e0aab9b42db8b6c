import { createSetupToken } from '@ghostpost/infrastructure/accounts'
import type { Resources } from '@ghostpost/infrastructure/process'

/**
 * Prints the link by which the first account is created, on an installation without accounts. It goes to stderr and not
 * into the log, which other systems collect.
 */
export async function announceSetup({ database, settings, log }: Resources): Promise<void> {
  try {
    const token = await createSetupToken(database)
    if (token === null) return
    const link = `${settings.dashboardUrl}/setup#${token}`
    process.stderr.write(
      `\nThis installation has no account. Create the first one here (once, within 7 days):\n  ${link}\n\n`,
    )
  } catch (err) {
    log.warn({ event: 'setup_unknown', err }, 'whether the installation has an account is unknown')
  }
}
