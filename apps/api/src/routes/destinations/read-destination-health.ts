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
  summary: 'How a saved destination copes',
  description: 'Circuit breaker, and how much it is sent at once, as all workers together see it.',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 200: ReceiverHealth },
  errors: [400, 401, 404, 503],
  handle: async (context, request) => {
    const { row } = await destinationInPath(context, request)
    const key = budgetKeyOf({ destinationId: row.id, receiverHost: row.receiverHost })
    return healthOf(await context.budgets.read(key))
  },
})
