import type { Lane } from '@ghostpost/delivery/deliver'
import { listLanePauses } from '@ghostpost/infrastructure/database/upkeep'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { Consumer } from '@ghostpost/infrastructure/queue'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const pollMs = 1_000

/** Takes nothing of the lanes that somebody holds, and goes on with them when they are let go. */
export function applyLanePauses(
  { database, log }: Resources,
  consumers: Readonly<Record<Lane, Consumer>>,
): PeriodicTask {
  let paused: ReadonlySet<string> = new Set()
  return repeatEvery('looking for held lanes', pollMs, log, async () => {
    const pausedNow = new Set((await listLanePauses(database)).map(({ lane }) => lane))
    for (const [lane, consumer] of Object.entries(consumers)) {
      if (pausedNow.has(lane as Lane) === paused.has(lane)) continue
      log.info(
        { event: pausedNow.has(lane as Lane) ? 'lane_held' : 'lane_let_go', lane },
        'a lane was held or let go',
      )
      if (pausedNow.has(lane as Lane)) await consumer.pause()
      else consumer.resume()
    }
    paused = pausedNow
  })
}
