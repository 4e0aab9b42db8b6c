import { letGo, type Holder } from '@ghostpost/infrastructure/database/attempts'
import type { RouteContext } from '../../server/route.ts'

/** Rings for what a pause held up and is due: in the queue it would wait until it asks again by itself. */
export async function ringForHeld({ database, queue }: RouteContext, holder: Holder): Promise<void> {
  const held = await letGo(database, holder)
  await Promise.all(held.map((delivery) => queue.enqueue({ ...delivery, delayMs: 0, overdue: true })))
}
