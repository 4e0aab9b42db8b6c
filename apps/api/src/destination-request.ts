import {
  customHeadersProblem,
  destinationOf,
  parseReceiverUrl,
  receiverUrlProblems,
  type WebhookType,
} from '@ghostpost/delivery'
import { findDestination, siteAccess, type FoundDestination } from '@ghostpost/infrastructure'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { sessionOf, type RouteContext } from './routes/route.ts'

/** Reads a receiver's URL from a request, or refuses it naming the field. */
export function receiverUrlOf(text: string): URL {
  const parsed = parseReceiverUrl(text)
  if (parsed.ok) return parsed.url
  throw invalid('webhook_url', receiverUrlProblems[parsed.problem])
}

export function invalid(field: string, expected: string): ApiError {
  return new ApiError('validation_failed', `Wrong or missing: ${field}.`, [{ field, expected }])
}

export function checkHeaders(headers: Record<string, string>): void {
  const problem = customHeadersProblem(headers)
  if (problem !== null) throw invalid('headers', problem)
}

/** Signatures are for receivers that can check them. */
export function isSigned(type: WebhookType): boolean {
  return destinationOf(type).carriesWebhookId
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The destination a request names, if the caller may reach it. */
export async function reachableDestination(
  context: RouteContext,
  request: FastifyRequest,
  id: string,
): Promise<FoundDestination> {
  const { userId } = sessionOf(request)
  const found = uuidShape.test(id)
    ? await findDestination(context.database, context.sealer, userId, id)
    : null
  if (!found) throw new ApiError('destination_not_found', 'There is no such destination.')
  return found
}

/** The destination named in the path, if the caller may change it. */
export async function changeableDestination(
  context: RouteContext,
  request: FastifyRequest,
): Promise<FoundDestination> {
  const found = await reachableDestination(context, request, (request.params as { id: string }).id)
  await requireAccess(context, request, found.row.siteId, 'write')
  return found
}

/** Refuses who may not do this in a site; to a stranger the site does not exist. */
export async function requireAccess(
  context: RouteContext,
  request: FastifyRequest,
  siteId: number,
  wanted: 'read' | 'write',
): Promise<void> {
  const access = await siteAccess(context.database, sessionOf(request).userId, siteId)
  if (access === 'none') throw new ApiError('site_not_found', `There is no site ${siteId}.`)
  if (access === 'read' && wanted === 'write') {
    throw new ApiError('forbidden', 'Your role in this site may read, not change.')
  }
}

export function requireSealer({ sealer }: RouteContext): void {
  if (sealer.available) return
  throw new ApiError('secrets_not_configured', 'This installation has no key to encrypt secrets with.')
}

export function nameTaken(): ApiError {
  return new ApiError('destination_exists', 'This site has a destination of that name.')
}
