import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import {
  siteOfAlertRule,
  siteOfDelivery,
  siteOfDestination,
  siteOfOperation,
} from '@ghostpost/infrastructure/database/connection'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import type { FindSite, RouteContext, SiteOfRequest } from './route.ts'

/** A request with an id in its path. */
export type RequestWithId = FastifyRequest<{ Params: { id: string } }>

/** A request that may name its site in the query. */
type RequestWithSiteQuery = FastifyRequest<{ Querystring: { siteId?: string } }>

export const siteInBody: FindSite<FastifyRequest<{ Body: { siteId?: number } }>> = (_context, request) =>
  siteWithId(request.body.siteId ?? defaultSiteId)

export const siteInQuery: FindSite<RequestWithSiteQuery> = (_context, request) =>
  siteWithId(siteIdInQuery(request))

/** The site a request names in its query, or the default one. */
export function siteIdInQuery({ query }: RequestWithSiteQuery): number {
  return Number(query.siteId ?? defaultSiteId)
}

export const siteOfDestinationInPath: FindSite<RequestWithId> = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfDestination(database, id)
  return { siteId, notFound: destinationNotFound }
}

export const siteOfDeliveryInPath: FindSite<RequestWithId> = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfDelivery(database, id)
  return { siteId, notFound: () => new ApiError('delivery_not_found', 'There is no such delivery.') }
}

export const siteOfAlertRuleInPath: FindSite<RequestWithId> = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfAlertRule(database, id)
  return { siteId, notFound: alertRuleNotFound }
}

export const siteOfOperationInPath: FindSite<RequestWithId> = (context, request) =>
  siteOfOperationId(context, idInPath(request))

export const siteOfOperationInBody: FindSite<FastifyRequest<{ Body: { operation_id: string } }>> = (
  context,
  request,
) => siteOfOperationId(context, request.body.operation_id)

async function siteOfOperationId({ database }: RouteContext, id: string | null): Promise<SiteOfRequest> {
  const siteId = id === null ? null : await siteOfOperation(database, id)
  return { siteId, notFound: () => new ApiError('operation_not_found', 'There is no such operation.') }
}

export function destinationNotFound(): ApiError {
  return new ApiError('destination_not_found', 'There is no such destination.')
}

export function alertRuleNotFound(): ApiError {
  return new ApiError('alert_rule_not_found', 'There is no such alert rule.')
}

function siteWithId(siteId: number): SiteOfRequest {
  return { siteId, notFound: () => new ApiError('site_not_found', `There is no site ${siteId}.`) }
}

/** The id in the path; null if it is not a UUID. */
function idInPath({ params }: RequestWithId): string | null {
  return isUuid(params.id) ? params.id : null
}
