import { DestinationList, DestinationQuery } from '@ghostpost/delivery/contract/destination'
import { listDestinations as listOf } from '@ghostpost/infrastructure/database/destinations'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

export const listDestinations = defineRoute({
  method: 'GET',
  url: '/api/destinations',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'List the saved destinations of a site',
  tag: 'Destinations',
  query: DestinationQuery,
  responses: { 200: DestinationList },
  errors: [400, 401, 404, 503],
  handle: async ({ database, sealer }, request) => {
    return { items: await listOf(database, sealer, siteIdInQuery(request)) }
  },
})
