import type { Lane } from '@ghostpost/delivery/deliver'
import { listLanePauses } from '@ghostpost/infrastructure/database/upkeep'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { Consumer } from '@ghostpost/infrastructure/queue'
import { repeatEvery, type Repeating } from './repeat-every.ts'

const lookEveryMs = 1_000

/** Takes nothing of the lanes that somebody holds, and goes on with them when they are let go. */
export function mindPauses(
  { database, log }: Resources,
  consumers: Readonly<Record<Lane, Consumer>>,
): Repeating {
  let held: ReadonlySet<string> = new Set()
  return repeatEvery('looking for held lanes', lookEveryMs, log, async () => {
    const now = new Set((await listLanePauses(database)).map(({ lane }) => lane))
    for (const [lane, consumer] of Object.entries(consumers)) {
      if (now.has(lane as Lane) === held.has(lane)) continue
      log.info(
        { event: now.has(lane as Lane) ? 'lane_held' : 'lane_let_go', lane },
        'a lane was held or let go',
      )
      if (now.has(lane as Lane)) await consumer.pause()
      else consumer.resume()
    }
    held = now
  })
}
