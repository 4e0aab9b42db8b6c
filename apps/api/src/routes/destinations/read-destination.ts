import { DestinationParams, DestinationView } from '@ghostpost/delivery/contract/destination'
import { destinationInPath } from './destination-request.ts'
import { siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

export const readDestination = defineRoute({
  method: 'GET',
  url: '/api/destinations/:id',
  access: { role: 'viewer', site: siteOfDestinationInPath },
  summary: 'Read a saved destination, without its secrets',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 200: DestinationView },
  errors: [400, 401, 404, 503],
  handle: async (context, request) => (await destinationInPath(context, request)).view,
})
