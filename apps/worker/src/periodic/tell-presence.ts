import { hostname } from 'node:os'
import { noteAbsence, notePresence } from '@ghostpost/infrastructure/database/upkeep'
import { version, type Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type Repeating } from './repeat-every.ts'

const tellEveryMs = 5_000

/** Says again and again that this worker lives, and at the end that it stopped. */
export function tellPresence({ database, settings, log }: Resources, id: string): Repeating {
  const worker = { id, host: hostname(), version, concurrency: settings.GHOSTPOST_WORKER_CONCURRENCY }
  const telling = repeatEvery('telling presence', tellEveryMs, log, () => notePresence(database, worker))
  return {
    stop: async () => {
      await telling.stop()
      await noteAbsence(database, id).catch(() => {})
    },
  }
}
