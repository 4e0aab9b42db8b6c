import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import { DestinationParams, ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import { destinationInPath } from './destination-request.ts'
import { healthOf } from '../receivers/receiver-health.ts'
import { siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

export const readDestinationHealth = defineRoute({
  method: 'GET',
  url: '/api/destinations/:id/health',
  access: { role: 'viewer', site: siteOfDestinationInPath },
  summary: 'Read the health of a saved destination’s receiver',
  description: 'The circuit breaker and the current concurrency limit, which all workers share.',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 200: ReceiverHealth },
  errors: [400, 401, 404, 503],
  handle: async (context, request) => {
    const { row } = await destinationInPath(context, request)
    const key = budgetKeyOf({
      siteId: row.siteId,
      destinationId: row.id,
      receiverHost: row.receiverHost,
      webhookKey: null,
    })
    return healthOf(await context.budgets.read(key))
  },
})
