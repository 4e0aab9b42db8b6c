import { DestinationParams } from '@ghostpost/delivery/contract'
import { deleteDestination as removeDestination } from '@ghostpost/infrastructure'
import { Type } from 'typebox'
import { changeableDestination } from '../destination-request.ts'
import type { Route } from './route.ts'

export const deleteDestination: Route = {
  method: 'DELETE',
  url: '/api/destinations/:id',
  access: 'session',
  summary: 'Delete a saved destination',
  description: 'Its unfinished deliveries become dead letters that say so.',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 204: Type.Null({ description: 'Deleted.' }) },
  errors: [400, 401, 403, 404, 503],
  handle: async (context, request, reply) => {
    const found = await changeableDestination(context, request)
    await removeDestination(context.database, found.row.id)
    return reply.code(204).send()
  },
}
