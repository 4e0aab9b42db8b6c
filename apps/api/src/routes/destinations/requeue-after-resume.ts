import { sweepResumed, type Pausable } from '@ghostpost/infrastructure/database/attempts'
import type { RouteContext } from '../../server/route.ts'

/** Rings for what a pause held up and is due: in the queue it would wait until it asks again by itself. */
export async function requeueAfterResume(
  { database, queue }: RouteContext,
  pausable: Pausable,
): Promise<void> {
  const released = await sweepResumed(database, pausable)
  await Promise.all(released.map((due) => queue.enqueue(due, { overdue: true })))
}
