import { loadSettings } from '@ghostpost/infrastructure/config'
import { openDatabase } from '@ghostpost/infrastructure/database/connection'
import { resealSecrets, UnreadableSecretsError } from '@ghostpost/infrastructure/database/destinations'
import { runMain } from '@ghostpost/infrastructure/process'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import { openLogger, type Logger } from '@ghostpost/infrastructure/telemetry'

/**
 * Encrypts all secrets with the first key of GHOSTPOST_SECRET_KEYS, and the URLs of single exports if
 * GHOSTPOST_SEAL_URLS is on. Run it once every process has the new settings; afterwards you can remove the other
 * keys. A value that cannot be opened is reported, and the command then ends with exit code 1.
 */
await runMain(async () => {
  const settings = loadSettings(process.env)
  const log = openLogger('reseal', settings.GHOSTPOST_LOG_LEVEL)
  const sealer = openSealer(settings.GHOSTPOST_SECRET_KEYS)
  if (!sealer.available) throw new Error('Cannot seal secrets: GHOSTPOST_SECRET_KEYS is empty.')
  const database = openDatabase({
    url: settings.DATABASE_URL,
    poolMax: 2,
    connectTimeoutMs: 3_000,
    // A statement that finds nothing to encrypt may scan all deliveries.
    statementTimeoutMs: 600_000,
    applicationName: 'ghostpost-reseal',
    onIdleError: (err) => log.warn({ err }, 'database connection lost'),
  })
  const urlSealer = settings.GHOSTPOST_SEAL_URLS ? sealer : openSealer('')
  try {
    const resealed = await resealSecrets(database, sealer, urlSealer)
    log.info({ event: 'resealed', resealed }, 'all secrets are sealed as the settings say')
  } catch (error) {
    if (error instanceof UnreadableSecretsError) logUnreadable(log, error)
    throw error
  } finally {
    await database.close()
  }
})

function logUnreadable(log: Logger, { rows, resealed }: UnreadableSecretsError): void {
  for (const row of rows) log.error({ event: 'unreadable', ...row }, 'a sealed value cannot be opened')
  log.info({ event: 'resealed', resealed }, 'all other secrets are sealed as the settings say')
}
