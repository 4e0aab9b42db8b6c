import {
  recordHeartbeat,
  type WorkerHeartbeat,
  type WorkerLock,
} from '@ghostpost/infrastructure/database/upkeep'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const heartbeatMs = 5_000

/** Sends a heartbeat every 5 s. */
export function startHeartbeat(
  { database, log }: Resources,
  worker: Omit<WorkerHeartbeat, 'lockKey'>,
  lock: WorkerLock,
): PeriodicTask {
  return repeatEvery('heartbeat', heartbeatMs, log, () =>
    recordHeartbeat(database, { ...worker, lockKey: lock.key() }),
  )
}
