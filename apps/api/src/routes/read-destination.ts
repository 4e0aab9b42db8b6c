import { DestinationParams, DestinationView } from '@ghostpost/delivery/contract'
import { reachableDestination } from '../destination-request.ts'
import type { Route } from './route.ts'

export const readDestination: Route = {
  method: 'GET',
  url: '/api/destinations/:id',
  access: 'session',
  summary: 'One saved destination, without its secrets',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 200: DestinationView },
  errors: [400, 401, 404, 503],
  handle: async (context, request) =>
    (await reachableDestination(context, request, (request.params as { id: string }).id)).view,
}
