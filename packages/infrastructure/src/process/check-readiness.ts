import type { Database, DatabaseCheck } from '../database/connection/open-database.ts'
import type { DeliveryQueue, QueueCheck } from '../queue/delivery-queue.ts'

export interface Readiness {
  /**
   * `degraded`: the process works in part and recovers by itself. `unavailable`: it does not work, or an operator has
   * to act.
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
  // A queue that is down, or partly down, recovers by itself. A full, read-only or evicting queue needs an operator.
  if (database === 'ok' && (queue === 'down' || queue === 'partial')) return { status: 'degraded', checks }
  return { status: 'unavailable', checks }
}
