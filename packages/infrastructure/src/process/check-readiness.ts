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
}

/** Checks whether a process can work now. */
export async function checkReadiness(stores: {
  database: Pick<Database, 'check'>
  queue: Pick<DeliveryQueue, 'check'>
}): Promise<Readiness> {
  const [database, queue] = await Promise.all([stores.database.check(), stores.queue.check()])
  const checks = { database, queue }
  if (database === 'ok' && queue === 'ok') return { status: 'ready', checks }
  return { status: database === 'ok' ? 'degraded' : 'unavailable', checks }
}
