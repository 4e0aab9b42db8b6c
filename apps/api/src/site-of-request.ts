import { defaultSiteId } from '@ghostpost/delivery/contract'
import { siteOfDelivery, siteOfDestination } from '@ghostpost/infrastructure'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import type { RouteContext } from './routes/route.ts'

/** The site a request is about, and what a stranger to it is told: that there is no such thing. */
interface SiteOfRequest {
  siteId: number | null
  unknown: ApiError
}

export type FindSite = (
  context: RouteContext,
  request: FastifyRequest,
) => SiteOfRequest | Promise<SiteOfRequest>

export const siteInBody: FindSite = (_context, request) =>
  named((request.body as { siteId?: number }).siteId ?? defaultSiteId)

export const siteInQuery: FindSite = (_context, request) =>
  named(Number((request.query as { siteId?: string }).siteId ?? defaultSiteId))

export const siteOfDestinationInPath: FindSite = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfDestination(database, id)
  return { siteId, unknown: destinationNotFound() }
}

export const siteOfDeliveryInPath: FindSite = async ({ database }, request) => {
  const id = idInPath(request)
  const siteId = id === null ? null : await siteOfDelivery(database, id)
  return { siteId, unknown: new ApiError('delivery_not_found', 'There is no such delivery.') }
}

export function destinationNotFound(): ApiError {
  return new ApiError('destination_not_found', 'There is no such destination.')
}

function named(siteId: number): SiteOfRequest {
  return { siteId, unknown: new ApiError('site_not_found', `There is no site ${siteId}.`) }
}

/** The id in the path; null for what no id of ours looks like. */
function idInPath(request: FastifyRequest): string | null {
  const { id } = request.params as { id: string }
  return isUuid(id) ? id : null
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return uuidShape.test(text)
}
