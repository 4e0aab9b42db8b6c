import { randomUUIDv7 } from 'node:crypto'
import { DestinationBody, DestinationWithSecret } from '@ghostpost/delivery/contract/destination'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import { createDestination as saveDestination } from '@ghostpost/infrastructure/database/destinations'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { checkAuthorization, credentialsOf } from './credentials-request.ts'
import {
  checkHeaders,
  checkReceiver,
  destinationNameTaken,
  optionsOf,
  receiverUrlOf,
  requireSealer,
} from './destination-request.ts'
import { requireMapping, requireMappingInCrm } from './mapping-request.ts'
import { signingSecretFor, secretToShow } from './signing-request.ts'
import { siteInBody } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const createDestination = defineRoute({
  method: 'POST',
  url: '/api/destinations',
  access: { role: 'operator', site: siteInBody },
  summary: 'Save a destination',
  description:
    'URL, headers, credentials and signing secret are stored encrypted, and the API never returns ' +
    'them. The only exception: this response shows the signing secret once.',
  tag: 'Destinations',
  body: DestinationBody,
  responses: { 201: DestinationWithSecret },
  errors: [400, 401, 403, 404, 409, 413, 415, 501, 503],
  handle,
})

async function handle(
  context: RouteContext,
  request: FastifyRequest<{ Body: DestinationBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { body } = request
  const siteId = body.siteId ?? defaultSiteId
  const url = receiverUrlOf(body.webhook_url).written
  checkHeaders(body.headers ?? {})
  const credentials = await credentialsOf(body.webhook_type, body.credentials)
  checkAuthorization(credentials, body.headers ?? {})
  const options = optionsOf(body.webhook_type, body.options)
  checkReceiver(body.webhook_type, url, options, credentials !== null)
  const mapping = body.mapping ?? null
  requireMapping(body.webhook_type, mapping, credentials !== null)
  requireSealer(context)

  const secret = signingSecretFor(body)
  const actor = actorOf(request)
  const id = randomUUIDv7()
  const secrets = {
    url,
    headers: body.headers ?? {},
    signingSecrets: secret === null ? [] : [{ secret, expiresAt: null }],
    credentials,
    options,
    mapping,
  }
  await requireMappingInCrm(context, { type: body.webhook_type, destinationId: id, siteId, secrets })
  const destination = await saveDestination(
    context.database,
    context.sealer,
    {
      id,
      siteId,
      name: body.name,
      webhookType: body.webhook_type,
      retrySchedule: body.retry_schedule ?? null,
      concurrency: body.concurrency ?? null,
      rateLimit: body.rate_limit ?? null,
      createdBy: actor.userId,
      secrets,
    },
    actor,
  )
  if (!destination) throw destinationNameTaken()
  return reply
    .code(201)
    .header('location', `/api/destinations/${destination.id}`)
    .send({ destination, signing_secret: secretToShow(secret) })
}
