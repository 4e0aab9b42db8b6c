import {
  customHeadersProblem,
  optionsProblem,
  receiverProblem,
  traitsOf,
  type DestinationOptions,
  type DestinationSecrets,
  type WebhookType,
} from '@ghostpost/delivery/destinations'
import { parseReceiverUrl, receiverUrlProblems, type ParsedReceiverUrl } from '@ghostpost/delivery/receivers'
import { findDestination, type FoundDestination } from '@ghostpost/infrastructure/database/destinations'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { destinationNotFound, type RequestWithId } from '../../server/site-of-request.ts'
import { sessionOf } from '../../server/caller.ts'
import type { RouteContext } from '../../server/route.ts'

type ReadUrl = Extract<ParsedReceiverUrl, { ok: true }>

/** Reads a receiver's URL from a request. Throws `validation_failed` for `webhook_url` if it is not allowed. */
export function receiverUrlOf(text: string): Pick<ReadUrl, 'url' | 'written'> {
  const parsed = parseReceiverUrl(text)
  if (parsed.ok) return parsed
  throw invalid('webhook_url', receiverUrlProblems[parsed.problem])
}

export function invalid(field: string, expected: string): ApiError {
  return new ApiError('validation_failed', `Wrong or missing: ${field}.`, [{ field, expected }])
}

export function checkHeaders(headers: Record<string, string>): void {
  const problem = customHeadersProblem(headers)
  if (problem !== null) throw invalid('headers', problem)
}

/**
 * The settings of a type from a request. Throws `validation_failed` for one that the type does not have.
 */
export function optionsOf(type: WebhookType, options: DestinationOptions = {}): DestinationOptions {
  const problem = optionsProblem(type, options)
  if (problem !== null) throw invalid(problem.field, problem.expected)
  return options
}

/** Throws `validation_failed` for a URL that cannot be a webhook of this type. */
export function checkReceiver(
  type: WebhookType,
  url: string,
  options: DestinationOptions,
  hasCredentials: boolean,
): void {
  const problem = receiverProblem(type, new URL(url), options, hasCredentials)
  if (problem !== null) throw invalid('webhook_url', problem)
}

/** Whether deliveries of this type are signed: only receivers that read webhook ids can check signatures. */
export function isSigned(type: WebhookType): boolean {
  return traitsOf(type).signed
}

/** The destination with this id. Throws `destination_not_found` if the caller has no role in its site. */
export async function requireDestination(
  { database, sealer }: RouteContext,
  request: FastifyRequest,
  id: string,
): Promise<FoundDestination> {
  const { userId } = sessionOf(request)
  const found = isUuid(id) ? await findDestination(database, sealer, userId, id) : null
  if (!found) throw destinationNotFound()
  return found
}

/** The destination named in the path. The route's access check has already checked the caller's role. */
export function destinationInPath(context: RouteContext, request: RequestWithId): Promise<FoundDestination> {
  return requireDestination(context, request, request.params.id)
}

export function requireSealer({ sealer }: RouteContext): void {
  if (sealer.available) return
  throw new ApiError('secrets_not_configured', 'This installation has no key to encrypt secrets.')
}

/** The secrets of a destination. Throws `secrets_unreadable` if they cannot be opened. */
export function requireSecrets({ secrets, view }: FoundDestination): DestinationSecrets {
  if (secrets) return secrets
  throw secretsUnreadable(view.unreadable ?? undefined)
}

export function secretsUnreadable(
  reason = 'The stored secrets of this destination cannot be opened.',
): ApiError {
  return new ApiError('secrets_unreadable', reason)
}

export function destinationNameTaken(): ApiError {
  return new ApiError('destination_exists', 'This site already has a destination with this name.')
}
