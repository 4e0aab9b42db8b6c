import type { Lane } from '@ghostpost/delivery/deliver'
import { openFairQueue } from '@ghostpost/delivery/sharing'
import {
  readBacklog,
  readBacklogOfSites,
  readPaces,
  readPacesOfSites,
  type Backlog,
  type LanePace,
} from '@ghostpost/infrastructure/database/stats'
import { readDatabaseStore } from '@ghostpost/infrastructure/database/upkeep'
import { cachedRead, cachedReadByKey } from '@ghostpost/infrastructure/telemetry'
import { overloaded } from '../../server/admission.ts'
import type { RouteContext } from '../../server/route.ts'

/** What waits, and how fast it is sent. */
export interface WaitingCounts {
  backlog: Backlog
  paces: ReadonlyMap<Lane, LanePace>
}

/** Every open dashboard polls every few seconds; all that show the same sites share one count. */
const freshMs = 1_000
/** Selections of sites whose counts are cached. */
const selectionsMax = 500
/** Counts take turns, so that no number of accounts occupies the database pool. */
const turns = openFairQueue({ concurrency: 2, perHolder: 1, waitingPerHolder: 1, waitingMax: 500 })

/** The state of the stores and the lengths of the lanes, at most a second old. */
export const readStores = cachedRead(freshMs, async ({ database, queue }: RouteContext) => {
  const queueCheck = await queue.check()
  const isUp = queueCheck !== 'down'
  const [databaseCheck, databaseStore, queueStore, depths] = await Promise.all([
    database.check(),
    readDatabaseStore(database).catch(() => null),
    isUp ? queue.readStore().catch(() => null) : null,
    isUp ? queue.depth().catch(() => null) : null,
  ])
  return { queueCheck, databaseCheck, databaseStore, queueStore, depths }
})

const readOfAllSites = cachedRead(freshMs, async ({ lists }: RouteContext): Promise<WaitingCounts> => {
  const [backlog, paces] = await Promise.all([lists.read(readBacklog), lists.read(readPaces)])
  return { backlog, paces }
})

const readOfSites = cachedReadByKey(
  { freshMs, keysMax: selectionsMax },
  async ({ lists }: RouteContext, key): Promise<WaitingCounts> => {
    const sites = key.split(',').map(Number)
    const counted = await turns.run(key, async () => ({
      backlog: await lists.read((database) => readBacklogOfSites(database, sites)),
      paces: await lists.read((database) => readPacesOfSites(database, sites)),
    }))
    if (!counted) throw overloaded()
    return counted.value
  },
)

/**
 * What waits, at most a second old. Throws `overloaded` when too many counts wait already.
 * @param sites the sites that count; null for all of them
 */
export function readWaitingCounts(
  context: RouteContext,
  sites: readonly number[] | null,
): Promise<WaitingCounts> {
  if (sites === null) return readOfAllSites(context)
  return readOfSites(context, sites.toSorted((one, other) => one - other).join(','))
}
