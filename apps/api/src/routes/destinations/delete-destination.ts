import { DestinationParams } from '@ghostpost/delivery/contract/destination'
import { deleteDestination as removeDestination } from '@ghostpost/infrastructure/database/destinations'
import { Type } from 'typebox'
import { destinationInPath } from './destination-request.ts'
import { siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'

export const deleteDestination = defineRoute({
  method: 'DELETE',
  url: '/api/destinations/:id',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Delete a saved destination',
  description: 'Its unfinished deliveries become dead letters with the cause `destination_gone`.',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 204: Type.Null({ description: 'Deleted.' }) },
  errors: [400, 401, 403, 404, 503],
  handle: async (context, request, reply) => {
    const found = await destinationInPath(context, request)
    await removeDestination(context.database, found, actorOf(request))
    return reply.code(204).send()
  },
})
