import {
  DestinationChanges,
  DestinationParams,
  DestinationView,
} from '@ghostpost/delivery/contract/destination'
import type { DestinationUpdate, FoundDestination } from '@ghostpost/infrastructure/database/destinations'
import {
  droppedSecrets,
  moveSecrets,
  type Credentials,
  type DestinationSecrets,
  type WebhookType,
  type WriteOnlyParts,
} from '@ghostpost/delivery/destinations'
import { receiverHostOf } from '@ghostpost/delivery/receivers'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { changeDestination } from './change-destination.ts'
import { checkAuthorization, credentialsOf } from './credentials-request.ts'
import {
  checkHeaders,
  checkReceiver,
  invalid,
  optionsOf,
  receiverUrlOf,
  secretsUnreadable,
} from './destination-request.ts'
import { requireMapping, requireMappingInCrm } from './mapping-request.ts'
import { requeueAfterResume } from './requeue-after-resume.ts'
import { siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { sessionOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const updateDestination = defineRoute({
  method: 'PATCH',
  url: '/api/destinations/:id',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Change, pause or enable a saved destination',
  description:
    'Waiting deliveries use the values at the time of their next attempt. While the destination is ' +
    'paused, its deliveries wait and spend no attempt; when it is enabled, due deliveries are sent at ' +
    'once. If `webhook_url` changes the scheme, host or port, the stored headers and signing secrets are ' +
    'dropped unless the request contains headers; credentials have to be given again.',
  tag: 'Destinations',
  params: DestinationParams,
  body: DestinationChanges,
  responses: { 200: DestinationView },
  errors: [400, 401, 403, 404, 409, 413, 415, 501, 503],
  handle,
})

async function handle(
  context: RouteContext,
  request: FastifyRequest<{ Params: { id: string }; Body: DestinationChanges }>,
): Promise<unknown> {
  const { body } = request
  const url = body.webhook_url === undefined ? undefined : receiverUrlOf(body.webhook_url).written
  checkHeaders(body.headers ?? {})
  const { before, view } = await changeDestination(context, request, async (found) => {
    if (body.keep_secrets) requireAdmin(request, found)
    const credentials = await credentialsOf(found.row.webhookType as WebhookType, body.credentials)
    const secrets = secretsOf(body, url, credentials, found)
    if (secrets) checkAuthorization(secrets.credentials ?? null, secrets.headers)
    if (secrets && url !== undefined) {
      const hasCredentials = Boolean(secrets.credentials)
      checkReceiver(found.row.webhookType as WebhookType, url, secrets.options ?? {}, hasCredentials)
    }
    if (secrets) await checkMappingOf(context, found, body, secrets)
    return { ...updateOf(body, secrets), auditDetails: auditDetailsOf(body, found, secrets) }
  })
  if (before.row.state !== 'enabled' && view.state === 'enabled')
    await requeueAfterResume(context, { destinationId: view.id })
  return view
}

/** Asks the CRM only when the mapping or the credentials change. */
async function checkMappingOf(
  context: RouteContext,
  { row }: FoundDestination,
  body: DestinationChanges,
  secrets: DestinationSecrets,
): Promise<void> {
  const type = row.webhookType as WebhookType
  requireMapping(type, secrets.mapping ?? null, Boolean(secrets.credentials))
  if (!body.mapping && !body.credentials) return
  await requireMappingInCrm(context, { type, destinationId: row.id, siteId: row.siteId, secrets })
}

function requireAdmin(request: FastifyRequest, { row }: FoundDestination): void {
  if (sessionOf(request).roles.get(row.siteId) === 'admin') return
  throw new ApiError('forbidden', 'keep_secrets needs the role admin in this site.')
}

/** The secrets to seal again; undefined if none of them changes. */
function secretsOf(
  body: DestinationChanges,
  url: string | undefined,
  credentials: Credentials | null,
  { secrets, row }: FoundDestination,
): DestinationSecrets | undefined {
  const changed = [url, body.headers, body.credentials, body.options, body.mapping].some(
    (part) => part !== undefined,
  )
  if (!changed) return undefined
  const given = {
    headers: body.headers,
    credentials: body.credentials === undefined ? undefined : credentials,
    options: body.options && optionsOf(row.webhookType as WebhookType, body.options),
    mapping: body.mapping,
  }
  if (secrets === null) return newSecrets(url, given)
  const moved = moveSecrets(secrets, url ?? secrets.url, given, body.keep_secrets === true)
  // Without credentials the destination would send another payload, which nobody asked for.
  if (body.credentials === undefined && droppedSecrets(secrets, moved).includes('credentials'))
    throw invalid('credentials', 'the credentials again, or null, because webhook_url changes the host')
  return moved
}

/** Secrets that cannot be opened are replaced as a whole. */
function newSecrets(url: string | undefined, given: WriteOnlyParts): DestinationSecrets {
  if (url === undefined) throw secretsUnreadable()
  const { headers = {}, credentials = null, options = {}, mapping = null } = given
  return { url, headers, credentials, options, mapping, signingSecrets: [] }
}

function auditDetailsOf(
  body: DestinationChanges,
  { secrets: before }: FoundDestination,
  after: DestinationSecrets | undefined,
): NonNullable<DestinationUpdate['auditDetails']> {
  if (!before || !after || new URL(before.url).origin === new URL(after.url).origin) return {}
  const dropped = droppedSecrets(before, after)
  return {
    receiver_host_after: receiverHostOf(new URL(after.url)),
    ...(body.keep_secrets && { kept_secrets: 'by an admin' }),
    ...(dropped.length > 0 && { dropped_secrets: dropped }),
  }
}

function updateOf(body: DestinationChanges, secrets: DestinationSecrets | undefined): DestinationUpdate {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.retry_schedule !== undefined && { retrySchedule: body.retry_schedule }),
    ...(body.concurrency !== undefined && { concurrency: body.concurrency }),
    ...(body.rate_limit !== undefined && { rateLimit: body.rate_limit }),
    ...(body.state !== undefined && { state: body.state, stateReason: body.state_reason ?? null }),
    ...(secrets && { secrets }),
  }
}
