import { trackFreeLocks, type Lane } from '@ghostpost/delivery/deliver'
import { expireClaims } from '@ghostpost/infrastructure/database/attempts'
import { removeHeartbeat, type WorkerLock } from '@ghostpost/infrastructure/database/upkeep'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { Consumer } from '@ghostpost/infrastructure/queue'
import { openInterruptions, type InterruptionParts } from './record-interruptions.ts'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

/** With the three looks that it takes: a dead worker is noticed within one and a half seconds. */
const lookIntervalMs = 500
const claimsPerStep = 500

export interface RecoveryParts extends InterruptionParts {
  lock: WorkerLock
  consumers: Readonly<Record<Lane, Consumer>>
}

/**
 * Looks for workers that died and makes their deliveries due: records the attempts of their claims as interrupted, and
 * puts the jobs that they took and had not begun back into the queue. A worker whose lock shows nothing, because a
 * pooler is in between, is left to the expiry of its claims.
 */
export function recoverDeadWorkers(
  { database, log }: Resources,
  { lock, consumers, ...parts }: RecoveryParts,
): PeriodicTask {
  const track = trackFreeLocks()
  const interrupt = openInterruptions(parts)
  const recover = async (workerId: string): Promise<void> => {
    let interrupted = 0
    for (;;) {
      const claims = await expireClaims(database, workerId, claimsPerStep)
      await Promise.all(claims.map(interrupt))
      interrupted += claims.length
      if (claims.length < claimsPerStep) break
    }
    const released = await Promise.all(Object.values(consumers).map((one) => one.releaseJobsOf(workerId)))
    await removeHeartbeat(database, workerId)
    const jobs = released.reduce((sum, count) => sum + count, 0)
    log.warn(
      { event: 'worker_died', dead_worker: workerId, interrupted, jobs },
      'a worker has died; its deliveries are due again',
    )
  }
  return repeatEvery('recovery of dead workers', lookIntervalMs, log, async () => {
    if (!lock.isHeld()) return void track([])
    const free = await lock.findFree().catch((error: unknown) => {
      track([])
      throw error
    })
    const recoveries = track(free).map(recover)
    // A failure for one worker must not keep the others from being recovered.
    await Promise.allSettled(recoveries)
    await Promise.all(recoveries)
  })
}
