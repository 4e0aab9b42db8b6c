import type { Settings } from '../config/index.ts'
import type { Database, DatabaseCheck } from '../database/connection/open-database.ts'
import type { DeliveryQueue, QueueCheck } from '../queue/delivery-queue.ts'

export interface Readiness {
  /**
   * `degraded`: it works without the queue, or with one that an operator has to repair: an API stores exports, and
   * workers deliver them later. All processes share the queue, so none of them is better off without this one.
   * `unavailable`: it does not work.
   */
  status: 'ready' | 'degraded' | 'unavailable'
  checks: { database: DatabaseCheck; queue: QueueCheck }
  /** The installation is held and sends nothing. Absent otherwise. */
  held?: true
}

/** Checks whether a process can work now. */
export async function checkReadiness(parts: {
  database: Pick<Database, 'check'>
  queue: Pick<DeliveryQueue, 'check'>
  settings: Pick<Settings, 'GHOSTPOST_HOLD'>
}): Promise<Readiness> {
  const [database, queue] = await Promise.all([parts.database.check(), parts.queue.check()])
  const found = { checks: { database, queue }, ...(parts.settings.GHOSTPOST_HOLD && { held: true as const }) }
  if (database === 'ok' && queue === 'ok') return { status: 'ready', ...found }
  return { status: database === 'ok' ? 'degraded' : 'unavailable', ...found }
}
