import { loadSettings } from '@ghostpost/infrastructure/config'
import { openDatabase } from '@ghostpost/infrastructure/database/connection'
import { resealSecrets } from '@ghostpost/infrastructure/database/destinations'
import { runMain } from '@ghostpost/infrastructure/process'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import { openLogger } from '@ghostpost/infrastructure/telemetry'

/**
 * Seals everything with the first of GHOSTPOST_SECRET_KEYS, the URLs of single exports as GHOSTPOST_SEAL_URLS says, and
 * ends. Run it once every process has the new settings; afterwards the other keys can be removed.
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
    // One that finds nothing to seal may look through all deliveries.
    statementTimeoutMs: 600_000,
    applicationName: 'ghostpost-reseal',
    onIdleError: (err) => log.warn({ err }, 'a database connection broke'),
  })
  const urlSealer = settings.GHOSTPOST_SEAL_URLS ? sealer : openSealer('')
  try {
    const resealed = await resealSecrets(database, sealer, urlSealer)
    log.info({ event: 'resealed', resealed }, 'everything is sealed as the settings say')
  } finally {
    await database.close()
  }
})
