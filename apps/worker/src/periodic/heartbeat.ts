import { hostname } from 'node:os'
import { removeHeartbeat, recordHeartbeat } from '@ghostpost/infrastructure/database/upkeep'
import { version, type Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const heartbeatMs = 5_000

/** Sends a heartbeat every 5 s and removes it when the worker stops. */
export function startHeartbeat({ database, settings, log }: Resources, id: string): PeriodicTask {
  const worker = { id, host: hostname(), version, concurrency: settings.GHOSTPOST_WORKER_CONCURRENCY }
  const task = repeatEvery('heartbeat', heartbeatMs, log, () => recordHeartbeat(database, worker))
  return {
    stop: async () => {
      await task.stop()
      await removeHeartbeat(database, id).catch(() => {})
    },
  }
}
