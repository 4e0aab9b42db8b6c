import { DeliveryParams, DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { readDelivery as readDeliveryOf } from '@ghostpost/infrastructure/database/log'
import { ApiError } from '../../server/api-error.ts'
import { siteOfDeliveryInPath, type RequestWithId } from '../../server/site-of-request.ts'
import { sessionOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const readDelivery = defineRoute({
  method: 'GET',
  url: '/api/deliveries/:id',
  access: { role: 'viewer', site: siteOfDeliveryInPath },
  summary: 'Read a delivery with all its attempts',
  tag: 'Deliveries',
  params: DeliveryParams,
  responses: { 200: DeliveryView },
  errors: [400, 401, 404, 503],
  handle,
})

async function handle({ database, settings }: RouteContext, request: RequestWithId): Promise<unknown> {
  const { id } = request.params
  const { userId } = sessionOf(request)
  const view = await readDeliveryOf(database, userId, id, settings.retryScheduleMs)
  if (!view) throw new ApiError('delivery_not_found', 'There is no such delivery.')
  return view
}
