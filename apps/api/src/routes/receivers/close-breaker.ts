import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import { DeliveryParams } from '@ghostpost/delivery/contract/delivery'
import { BreakerClosed, DestinationParams } from '@ghostpost/delivery/contract/destination'
import type { Pausable } from '@ghostpost/infrastructure/database/attempts'
import { findWaiting } from '@ghostpost/infrastructure/database/log'
import { writeAudit } from '@ghostpost/infrastructure/database/upkeep'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import { siteOfDeliveryInPath, siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { destinationInPath } from '../destinations/destination-request.ts'
import { requeueAfterResume } from '../destinations/requeue-after-resume.ts'

const description =
  'Requests to the receiver are sent at once, without waiting until its circuit breaker lets one through. If the ' +
  'receiver still fails, the breaker opens again. A pause that the receiver asked for (Retry-After) stays.'

export const closeDestinationBreaker = defineRoute({
  method: 'POST',
  url: '/api/destinations/:id/close-breaker',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Close the circuit breaker of a saved destination',
  description,
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 200: BreakerClosed },
  errors: [400, 401, 403, 404, 503],
  handle: async (context, request) => {
    const { row } = await destinationInPath(context, request)
    const { id: destinationId, siteId, receiverHost } = row
    const receiver = { siteId, destinationId, receiverHost, webhookKey: null }
    return closeByHand(context, request, receiver)
  },
})

export const closeDeliveryBreaker = defineRoute({
  method: 'POST',
  url: '/api/deliveries/:id/close-breaker',
  access: { role: 'operator', site: siteOfDeliveryInPath },
  summary: 'Close the circuit breaker of a delivery’s receiver',
  description: `${description} All deliveries of the site with the same circuit breaker are tried.`,
  tag: 'Deliveries',
  params: DeliveryParams,
  responses: { 200: BreakerClosed },
  errors: [400, 401, 403, 404, 503],
  handle: async (context, request) => {
    const { database, settings } = context
    const delivery = await findWaiting(database, request.params.id, settings.retryScheduleMs)
    if (!delivery) throw new ApiError('delivery_not_found', 'There is no such delivery.')
    return closeByHand(context, request, delivery)
  },
})

interface Receiver {
  siteId: number
  destinationId: string | null
  receiverHost: string
  webhookKey: string | null
}

async function closeByHand(
  context: RouteContext,
  request: FastifyRequest,
  receiver: Receiver,
): Promise<BreakerClosed> {
  const { siteId, destinationId, receiverHost, webhookKey } = receiver
  await writeAudit(context.database.pool, actorOf(request), {
    action: 'receiver.breaker_closed',
    siteId,
    objectType: destinationId === null ? 'receiver' : 'destination',
    objectId: destinationId ?? receiverHost,
  })
  const waiting = destinationId === null ? { siteId, receiverHost, webhookKey } : { destinationId }
  return closeBreaker(context, budgetKeyOf(receiver), waiting)
}

/** Closes the breaker of a budget and enqueues the due deliveries that waited for it. */
export async function closeBreaker(
  context: RouteContext,
  budget: string,
  waiting: Pausable,
): Promise<BreakerClosed> {
  const before = await context.budgets.closeBreaker(budget).catch(() => {
    throw new ApiError('unavailable', 'The store of the circuit breakers is unavailable. Try again.')
  })
  return { breaker_before: before, enqueued: await requeueAfterResume(context, waiting) }
}
