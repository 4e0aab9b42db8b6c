import {
  filterFields,
  type DeliveryCountQuery,
  type DeliveryFilter,
} from '@ghostpost/delivery/contract/delivery-log'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { siteIdInQuery } from '../../server/site-of-request.ts'
import { invalid } from '../destinations/destination-request.ts'

/** The site and the filter of a request to the delivery log. */
export interface LogQuery {
  siteId: number
  filter: DeliveryFilter
}

/** Reads the site and the filter of a query, which the schema has validated. */
export function logQueryOf(request: FastifyRequest<{ Querystring: DeliveryCountQuery }>): LogQuery {
  const filter: DeliveryFilter = Object.fromEntries(
    Object.entries(request.query).filter(([name]) => Object.hasOwn(filterFields, name)),
  )
  return { siteId: siteIdInQuery(request), filter }
}

/** The cursor of a query: the id of the previous page's last item; null for the first page. */
export function cursorIn(request: FastifyRequest<{ Querystring: { cursor?: string } }>): string | null {
  const { cursor } = request.query
  if (cursor === undefined || isUuid(cursor)) return cursor ?? null
  throw invalidCursor()
}

export function invalidCursor(): Error {
  return invalid('cursor', 'the `next` of the previous page')
}
