import type { Database, DatabaseCheck } from '../database/connection/open-database.ts'
import type { DeliveryQueue, QueueCheck } from '../queue/delivery-queue.ts'

export interface Readiness {
  /** `degraded`: it does its work as far as it can, and goes on by itself. `unavailable`: it cannot, or needs somebody. */
  status: 'ready' | 'degraded' | 'unavailable'
  checks: { database: DatabaseCheck; queue: QueueCheck }
}

/** Whether a process can do its work now. */
export async function checkReadiness(stores: {
  database: Pick<Database, 'check'>
  queue: Pick<DeliveryQueue, 'check'>
}): Promise<Readiness> {
  const [database, queue] = await Promise.all([stores.database.check(), stores.queue.check()])
  const checks = { database, queue }
  if (database === 'ok' && queue === 'ok') return { status: 'ready', checks }
  // A queue that is down, or some nodes of it, comes back by itself; one that is full, read-only or evicting needs somebody.
  if (database === 'ok' && (queue === 'down' || queue === 'partial')) return { status: 'degraded', checks }
  return { status: 'unavailable', checks }
}
