import {
  DestinationChanges,
  DestinationParams,
  DestinationView,
} from '@ghostpost/delivery/contract/destination'
import type { DestinationUpdate, FoundDestination } from '@ghostpost/infrastructure/database/destinations'
import type { Credentials, DestinationSecrets, WebhookType } from '@ghostpost/delivery/destinations'
import type { FastifyRequest } from 'fastify'
import { changeDestination } from './change-destination.ts'
import { checkAuthorization, credentialsOf } from './credentials-request.ts'
import { checkHeaders, invalid, receiverUrlOf } from './destination-request.ts'
import { requeueAfterResume } from './requeue-after-resume.ts'
import { siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const updateDestination = defineRoute({
  method: 'PATCH',
  url: '/api/destinations/:id',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Change, pause or enable a saved destination',
  description:
    'Waiting deliveries use the values at the time of their next attempt. While the destination is ' +
    'paused, its deliveries wait and spend no attempt; when it is enabled, due deliveries are sent at ' +
    'once.',
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
  const url = body.webhook_url === undefined ? undefined : receiverUrlOf(body.webhook_url).href
  checkHeaders(body.headers ?? {})
  const { before, view } = await changeDestination(context, request, async (found) => {
    const credentials = await credentialsOf(found.row.webhookType as WebhookType, body.credentials)
    const secrets = secretsOf(body, url, credentials, found)
    if (secrets) checkAuthorization(secrets.credentials ?? null, secrets.headers)
    return updateOf(body, secrets)
  })
  if (before.row.state !== 'enabled' && view.state === 'enabled')
    await requeueAfterResume(context, { destinationId: view.id })
  return view
}

/** The secrets to seal again; undefined if none of them changes. */
function secretsOf(
  body: DestinationChanges,
  url: string | undefined,
  credentials: Credentials | null,
  { secrets }: FoundDestination,
): DestinationSecrets | undefined {
  const originChanged = url !== undefined && new URL(url).origin !== new URL(secrets.url).origin
  if (originChanged && secrets.credentials && body.credentials === undefined) {
    // Otherwise an operator could read the token by sending it to another host.
    throw invalid('credentials', 'the credentials again, or null, because webhook_url changes the host')
  }
  const changed = [url, body.headers, body.credentials].some((part) => part !== undefined)
  if (!changed) return undefined
  return {
    ...secrets,
    url: url ?? secrets.url,
    headers: body.headers ?? secrets.headers,
    credentials: body.credentials === undefined ? (secrets.credentials ?? null) : credentials,
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
