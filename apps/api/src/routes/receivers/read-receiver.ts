import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import { ReceiverHealth, ReceiverParams } from '@ghostpost/delivery/contract/destination'
import { healthOf } from './receiver-health.ts'
import type { Route } from '../../server/route.ts'

export const readReceiver: Route = {
  method: 'GET',
  url: '/api/receivers/:host',
  access: 'session',
  summary: 'How the receiver of ad-hoc URLs copes',
  description:
    'All URLs of a host that are not saved destinations share one budget. An unknown host is healthy.',
  tag: 'Destinations',
  params: ReceiverParams,
  responses: { 200: ReceiverHealth },
  errors: [400, 401, 503],
  handle: async (context, request) => {
    const { host } = request.params as { host: string }
    const key = budgetKeyOf({ destinationId: null, receiverHost: host.toLowerCase() })
    return healthOf(await context.budgets.read(key))
  },
}
