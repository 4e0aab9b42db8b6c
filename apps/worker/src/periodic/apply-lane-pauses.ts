import type { Lane } from '@ghostpost/delivery/deliver'
import { listLanePauses } from '@ghostpost/infrastructure/database/upkeep'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { Consumer } from '@ghostpost/infrastructure/queue'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const pollMs = 1_000

/** Pauses and resumes this worker's consumers to match the paused lanes. */
export function applyLanePauses(
  { database, log }: Resources,
  consumers: Readonly<Record<Lane, Consumer>>,
): PeriodicTask {
  let paused: ReadonlySet<string> = new Set()
  return repeatEvery('reading paused lanes', pollMs, log, async () => {
    const pausedNow = new Set((await listLanePauses(database)).map(({ lane }) => lane))
    for (const [lane, consumer] of Object.entries(consumers)) {
      if (pausedNow.has(lane as Lane) === paused.has(lane)) continue
      const isPaused = pausedNow.has(lane as Lane)
      log.info(
        { event: isPaused ? 'lane_paused' : 'lane_resumed', lane },
        isPaused ? 'lane paused' : 'lane resumed',
      )
      if (isPaused) await consumer.pause()
      else consumer.resume()
    }
    paused = pausedNow
  })
}
