import {
  filterFields,
  type DeliveryCountQuery,
  type DeliveryFilter,
} from '@ghostpost/delivery/contract/delivery-log'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { siteIdInQuery } from '../../server/site-of-request.ts'
import { invalid } from '../destinations/destination-request.ts'

/** What a request about the log is about. */
export interface LogQuery {
  siteId: number
  filter: DeliveryFilter
}

/** Reads the filter and the site of a query; both were checked against the contract. */
export function logQueryOf(request: FastifyRequest<{ Querystring: DeliveryCountQuery }>): LogQuery {
  const filter: DeliveryFilter = Object.fromEntries(
    Object.entries(request.query).filter(([name]) => Object.hasOwn(filterFields, name)),
  )
  return { siteId: siteIdInQuery(request), filter }
}

/** A cursor that is the id of the last one seen; null at the start. */
export function cursorIn(request: FastifyRequest<{ Querystring: { cursor?: string } }>): string | null {
  const { cursor } = request.query
  if (cursor === undefined || isUuid(cursor)) return cursor ?? null
  throw invalid('cursor', 'the `next` of the page before')
}
