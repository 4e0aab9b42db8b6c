import { join } from 'node:path'
import { loadSettings } from '@ghostpost/infrastructure/config'
import { migrate } from '@ghostpost/infrastructure/database/upkeep'
import { runMain } from '@ghostpost/infrastructure/process'
import { openLogger } from '@ghostpost/infrastructure/telemetry'

/** Applies the missing migrations and exits. Run it before the processes of a new release start. */
await runMain(async () => {
  const settings = loadSettings(process.env)
  const log = openLogger('migrate', settings.GHOSTPOST_LOG_LEVEL)
  const folder = join(import.meta.dirname, '../../../../prisma/migrations')
  const applied = await migrate(settings.DATABASE_URL, folder, (message) => log.warn(message))
  log.info({ applied }, applied.length > 0 ? 'migrations applied' : 'the database is up to date')
})
