import { hostname } from 'node:os'
import { removeHeartbeat, recordHeartbeat } from '@ghostpost/infrastructure/database/upkeep'
import { version, type Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const heartbeatMs = 5_000

/** Says again and again that this worker lives, and at the end that it stopped. */
export function startHeartbeat({ database, settings, log }: Resources, id: string): PeriodicTask {
  const worker = { id, host: hostname(), version, concurrency: settings.GHOSTPOST_WORKER_CONCURRENCY }
  const task = repeatEvery('telling presence', heartbeatMs, log, () => recordHeartbeat(database, worker))
  return {
    stop: async () => {
      await task.stop()
      await removeHeartbeat(database, id).catch(() => {})
    },
  }
}
