import { filterFields, type DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { invalid } from '../destinations/destination-request.ts'

/** What a request about the log is about. */
export interface LogQuery {
  siteId: number
  filter: DeliveryFilter
}

/** Reads the filter and the site of a query; both were checked against the contract. */
export function logQueryOf(request: FastifyRequest): LogQuery {
  const query = request.query as Record<string, string>
  const filter: DeliveryFilter = Object.fromEntries(
    Object.entries(query).filter(([name]) => Object.hasOwn(filterFields, name)),
  )
  return { siteId: Number(query['siteId'] ?? defaultSiteId), filter }
}

/** A cursor that is the id of the last one seen; null at the start. */
export function cursorIn(request: FastifyRequest): string | null {
  const { cursor } = request.query as { cursor?: string }
  if (cursor === undefined || isUuid(cursor)) return cursor ?? null
  throw invalid('cursor', 'the `next` of the page before')
}
