import { DeliveryParams } from '@ghostpost/delivery/contract/delivery'
import { DeliveryExplanation } from '@ghostpost/delivery/contract/delivery-log'
import { ApiError } from '../../server/api-error.ts'
import { siteOfDeliveryInPath } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'
import { findWaitReasons } from './find-wait-reasons.ts'

export const explainDelivery = defineRoute({
  method: 'GET',
  url: '/api/deliveries/:id/explain',
  access: { role: 'viewer', site: siteOfDeliveryInPath },
  summary: 'Explain why a delivery is in its state',
  description: 'Lists the reasons, the decisive one first, each with a remedy where there is one.',
  tag: 'Deliveries',
  params: DeliveryParams,
  responses: { 200: DeliveryExplanation },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { id } = request.params
    const found = await findWaitReasons(context, request, id)
    if (!found) throw new ApiError('delivery_not_found', 'There is no such delivery.')
    return { delivery_id: id, status: found.state, reasons: found.reasons }
  },
})
