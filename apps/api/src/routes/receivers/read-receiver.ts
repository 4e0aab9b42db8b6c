import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import { ReceiverHealth, ReceiverParams } from '@ghostpost/delivery/contract/destination'
import { healthOf } from './receiver-health.ts'
import { defineRoute } from '../../server/route.ts'

export const readReceiver = defineRoute({
  method: 'GET',
  url: '/api/receivers/:host',
  access: 'session',
  summary: 'Read the health of the receiver of ad-hoc URLs',
  description:
    'All URLs of a host that are not saved destinations share one budget. An unknown host counts as healthy.',
  tag: 'Destinations',
  params: ReceiverParams,
  responses: { 200: ReceiverHealth },
  errors: [400, 401, 503],
  handle: async (context, request) => {
    const receiverHost = request.params.host.toLowerCase()
    const key = budgetKeyOf({ destinationId: null, receiverHost })
    return healthOf(await context.budgets.read(key))
  },
})
