import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import { ReceiverHealth, ReceiverParams } from '@ghostpost/delivery/contract/destination'
import { StatsSiteQuery } from '@ghostpost/delivery/contract/stats'
import { healthOf } from './receiver-health.ts'
import { defineRoute } from '../../server/route.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'

export const readReceiver = defineRoute({
  method: 'GET',
  url: '/api/receivers/:host',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'Read the health of the receiver of a site’s ad-hoc URLs',
  description:
    'All URLs of a host that a site uses without a saved destination share one budget. A host that limits each ' +
    'webhook on its own, as chat tools do, has a budget per webhook, which only the explanation of a ' +
    'delivery shows. An unknown host counts as healthy.',
  tag: 'Destinations',
  params: ReceiverParams,
  query: StatsSiteQuery,
  responses: { 200: ReceiverHealth },
  errors: [400, 401, 403, 404, 503],
  handle: async (context, request) => {
    const receiverHost = request.params.host.toLowerCase()
    const key = budgetKeyOf({
      siteId: siteIdInQuery(request),
      destinationId: null,
      receiverHost,
      webhookKey: null,
    })
    return healthOf(await context.budgets.read(key))
  },
})
