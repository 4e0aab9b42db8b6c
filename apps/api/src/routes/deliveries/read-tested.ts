import type { AttemptView, DeliveryView } from '@ghostpost/delivery/contract/delivery'
import type { WaitReasonView } from '@ghostpost/delivery/contract/delivery-log'
import { readDelivery } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { sessionOf } from '../../server/caller.ts'
import type { RouteContext } from '../../server/route.ts'
import { findWaitReasons } from './find-wait-reasons.ts'

interface Tested {
  delivery: DeliveryView | null
  /** Null if no attempt was made yet. */
  attempt: AttemptView | null
  /** What a delivery without an attempt waits for. */
  waits_for: WaitReasonView | null
}

/** Reads the delivery of a test after the wait for its first attempt. */
export async function readTested(
  context: RouteContext,
  request: FastifyRequest,
  id: string,
): Promise<Tested> {
  const { database, settings } = context
  const delivery = await readDelivery(database, sessionOf(request).userId, id, settings.retryScheduleMs)
  const attempt = delivery?.attempts[0] ?? null
  if (attempt || !delivery) return { delivery, attempt, waits_for: null }
  const found = await findWaitReasons(context, request, id)
  return { delivery, attempt, waits_for: found?.reasons[0] ?? null }
}
