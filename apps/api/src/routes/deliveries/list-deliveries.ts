import {
  DeliveryCount,
  DeliveryCountQuery,
  DeliveryList,
  DeliveryListQuery,
} from '@ghostpost/delivery/contract/delivery-log'
import {
  countDeliveries as count,
  listComing,
  listDeliveries as list,
  parseComingCursor,
} from '@ghostpost/infrastructure/database/log'
import { cursorIn, invalidCursor, logQueryOf } from './log-query.ts'
import { listReaderFor } from '../../server/read-lists.ts'
import { siteInQuery } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

const pageDefault = 50

export const listDeliveries = defineRoute({
  method: 'GET',
  url: '/api/deliveries',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'List the deliveries of a site',
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
    if (request.query.sort === 'next_attempt') {
      const cursor = request.query.cursor === undefined ? null : parseComingCursor(request.query.cursor)
      if (cursor === null && request.query.cursor !== undefined) throw invalidCursor()
      return listReaderFor(
        context,
        request,
      )((database) => listComing(database, siteId, filter, { limit, cursor }))
    }
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
