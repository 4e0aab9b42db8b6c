import { DestinationList, DestinationQuery } from '@ghostpost/delivery/contract/destination'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import { listDestinations as listOf } from '@ghostpost/infrastructure/database/destinations'
import type { FastifyRequest } from 'fastify'
import { siteInQuery } from '../../server/site-of-request.ts'
import type { Route, RouteContext } from '../../server/route.ts'

export const listDestinations: Route = {
  method: 'GET',
  url: '/api/destinations',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'The saved destinations of a site',
  tag: 'Destinations',
  query: DestinationQuery,
  responses: { 200: DestinationList },
  errors: [400, 401, 404, 503],
  handle,
}

async function handle(context: RouteContext, request: FastifyRequest): Promise<unknown> {
  const siteId = Number((request.query as { siteId?: string }).siteId ?? defaultSiteId)
  return { items: await listOf(context.database, context.sealer, siteId) }
}
