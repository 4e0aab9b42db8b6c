import { sweepResumed, type Pausable } from '@ghostpost/infrastructure/database/attempts'
import type { RouteContext } from '../../server/route.ts'

/**
 * Enqueues the due deliveries of a resumed destination, operation or receiver. Without it they would wait until their
 * next check. Resolves to their number.
 */
export async function requeueAfterResume(
  { database, queue }: RouteContext,
  pausable: Pausable,
): Promise<number> {
  const released = await sweepResumed(database, pausable)
  await Promise.all(released.map((due) => queue.enqueue(due, { overdue: true })))
  return released.length
}
