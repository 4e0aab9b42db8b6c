import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import {
  siteOfAlertRule,
  siteOfApiKey,
  siteOfDelivery,
  siteOfDestination,
  siteOfOperation,
} from '@ghostpost/infrastructure/database/connection'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { sessionOf } from './caller.ts'
import type { FindSite, RouteContext, SiteOfRequest } from './route.ts'

/** A request with an id in its path. */
export type RequestWithId = FastifyRequest<{ Params: { id: string } }>

/** A request that may name its site in the query. */
type RequestWithSiteQuery = FastifyRequest<{ Querystring: { siteId?: string } }>

/** The site that a body names, or the default one; null for a body whose schema will refuse its site. */
export const siteInBody: FindSite = (_context, { body }) => {
  if (!isRecord(body)) return null
  const siteId = body['siteId'] ?? defaultSiteId
  return isSiteId(siteId) ? siteWithId(siteId) : null
}

/** The same for a query, whose values are text. */
export const siteInQuery: FindSite = (_context, { query }) => {
  const siteId = isRecord(query) ? (query['siteId'] ?? String(defaultSiteId)) : null
  return typeof siteId === 'string' && siteIdText.test(siteId) ? siteWithId(Number(siteId)) : null
}

/** The site of the caller's API key; for a person, and where the query names one, that of the query. */
export const siteOfKeyOrInQuery: FindSite = (context, request) => {
  const { query } = request
  const { apiKey, roles } = sessionOf(request)
  const [ofKey] = apiKey ? roles.keys() : []
  const isNamed = isRecord(query) && query['siteId'] !== undefined
  return isNamed || ofKey === undefined ? siteInQuery(context, request) : siteWithId(ofKey)
}

const siteIdMax = 2_147_483_647
const siteIdText = /^[1-9]\d{0,9}$/

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSiteId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= siteIdMax
}

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

export const siteOfApiKeyInPath: FindSite<RequestWithId> = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfApiKey(database, id)
  return { siteId, notFound: apiKeyNotFound }
}

export const siteOfOperationInPath: FindSite<RequestWithId> = (context, request) =>
  siteOfOperationId(context, idInPath(request))

export const siteOfOperationInBody: FindSite = async (context, { body }) => {
  const id = isRecord(body) ? body['operation_id'] : null
  return typeof id === 'string' && isUuid(id) ? siteOfOperationId(context, id) : null
}

async function siteOfOperationId({ database }: RouteContext, id: string | null): Promise<SiteOfRequest> {
  const siteId = id === null ? null : await siteOfOperation(database, id)
  return { siteId, notFound: () => new ApiError('operation_not_found', 'There is no such operation.') }
}

export function destinationNotFound(): ApiError {
  return new ApiError('destination_not_found', 'There is no such destination.')
}

export function apiKeyNotFound(): ApiError {
  return new ApiError('api_key_not_found', 'There is no such API key.')
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
