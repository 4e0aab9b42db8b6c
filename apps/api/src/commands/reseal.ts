import { loadSettings } from '@ghostpost/infrastructure/config'
import { openDatabase } from '@ghostpost/infrastructure/database/connection'
import { resealSecrets } from '@ghostpost/infrastructure/database/destinations'
import { runMain } from '@ghostpost/infrastructure/process'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import { openLogger } from '@ghostpost/infrastructure/telemetry'

/**
 * Seals all secrets with the first key of GHOSTPOST_SECRET_KEYS, stores the URLs of single exports as
 * GHOSTPOST_SEAL_URLS says, and ends. Run it when every process has the new settings. Afterwards the other keys can
 * be removed.
 */
await runMain(async () => {
  const settings = loadSettings(process.env)
  const log = openLogger('reseal', settings.GHOSTPOST_LOG_LEVEL)
  const sealer = openSealer(settings.GHOSTPOST_SECRET_KEYS)
  if (!sealer.available) throw new Error('Cannot seal anything: GHOSTPOST_SECRET_KEYS is empty.')
  const database = openDatabase({
    url: settings.DATABASE_URL,
    poolMax: 2,
    connectTimeoutMs: 3_000,
    // A statement that finds nothing to seal may scan all deliveries.
    statementTimeoutMs: 600_000,
    applicationName: 'ghostpost-reseal',
    onIdleError: (err) => log.warn({ err }, 'a database connection broke'),
  })
  const urlSealer = settings.GHOSTPOST_SEAL_URLS ? sealer : openSealer('')
  try {
    const resealed = await resealSecrets(database, sealer, urlSealer)
    log.info({ event: 'resealed', resealed }, 'all secrets are sealed as the settings say')
  } finally {
    await database.close()
  }
})
