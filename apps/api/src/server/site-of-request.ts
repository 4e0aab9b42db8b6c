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

export const siteInBody: FindSite = (_context, request) =>
  siteWithId((request.body as { siteId?: number }).siteId ?? defaultSiteId)

export const siteInQuery: FindSite = (_context, request) =>
  siteWithId(Number((request.query as { siteId?: string }).siteId ?? defaultSiteId))

export const siteOfDestinationInPath: FindSite = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfDestination(database, id)
  return { siteId, notFound: destinationNotFound }
}

export const siteOfDeliveryInPath: FindSite = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfDelivery(database, id)
  return { siteId, notFound: () => new ApiError('delivery_not_found', 'There is no such delivery.') }
}

export const siteOfAlertRuleInPath: FindSite = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfAlertRule(database, id)
  return { siteId, notFound: alertRuleNotFound }
}

export const siteOfOperationInPath: FindSite = (context, request) =>
  siteOfOperationId(context, idInPath(request))

export const siteOfOperationInBody: FindSite = (context, request) =>
  siteOfOperationId(context, (request.body as { operation_id: string }).operation_id)

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

/** The id in the path; null for what no id of ours looks like. */
function idInPath(request: FastifyRequest): string | null {
  const { id } = request.params as { id: string }
  return isUuid(id) ? id : null
}
