import {
  DeliveryCount,
  DeliveryCountQuery,
  DeliveryList,
  DeliveryListQuery,
} from '@ghostpost/delivery/contract/delivery-log'
import { countDeliveries as count, listDeliveries as list } from '@ghostpost/infrastructure/database/log'
import { cursorIn, logQueryOf } from './log-query.ts'
import { listReaderFor } from '../../server/read-lists.ts'
import { siteInQuery } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

const pageDefault = 50

export const listDeliveries = defineRoute({
  method: 'GET',
  url: '/api/deliveries',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'List the deliveries of a site, newest first',
  description:
    'A delivery must match every part of the filter. Send `next` as `cursor` for the next, older page; ' +
    'a deep page costs the same as the first.',
  tag: 'Deliveries',
  query: DeliveryListQuery,
  responses: { 200: DeliveryList },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { siteId, filter } = logQueryOf(request)
    const limit = Number(request.query.limit ?? pageDefault)
    const page = { limit, cursor: cursorIn(request) }
    return listReaderFor(context, request)((database) => list(database, siteId, filter, page))
  },
})

export const countDeliveries = defineRoute({
  method: 'GET',
  url: '/api/deliveries/count',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'Count the deliveries a filter matches, up to a limit',
  tag: 'Deliveries',
  query: DeliveryCountQuery,
  responses: { 200: DeliveryCount },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { siteId, filter } = logQueryOf(request)
    return listReaderFor(context, request, 'count')((database) => count(database, siteId, filter))
  },
})
