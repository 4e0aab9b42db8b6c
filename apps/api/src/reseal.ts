import {
  loadSettings,
  openDatabase,
  openLogger,
  openSealer,
  resealSecrets,
  runMain,
} from '@ghostpost/infrastructure'

/**
 * Seals everything with the first of GHOSTPOST_SECRET_KEYS and ends; afterwards the others can be removed. Run it once
 * every process has the new key in front.
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
  try {
    log.info({ resealed: await resealSecrets(database, sealer) }, 'everything is sealed with the first key')
  } finally {
    await database.close()
  }
})
