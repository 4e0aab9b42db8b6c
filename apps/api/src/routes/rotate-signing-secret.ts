import { rotateSigningSecret as rotate, type WebhookType } from '@ghostpost/delivery'
import { DestinationParams, DestinationWithSecret, SigningBody } from '@ghostpost/delivery/contract'
import {
  newSigningSecret,
  signingKindOf,
  updateDestination,
  type SigningKind,
} from '@ghostpost/infrastructure'
import type { FastifyRequest } from 'fastify'
import { destinationInPath, invalid, isSigned, requireSealer } from '../destination-request.ts'
import { toldSecret } from '../signing-request.ts'
import { siteOfDestinationInPath } from '../site-of-request.ts'
import { actorOf, type Route, type RouteContext } from './route.ts'

export const rotateSigningSecret: Route = {
  method: 'POST',
  url: '/api/destinations/:id/signing-secret',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Make a new signing secret',
  description:
    'The old one signs beside it for 24 hours, so that the receiver can change over. The new one is told this once. `signing` changes its kind.',
  tag: 'Destinations',
  params: DestinationParams,
  body: SigningBody,
  responses: { 200: DestinationWithSecret },
  errors: [400, 401, 403, 404, 501, 503],
  handle,
}

async function handle(context: RouteContext, request: FastifyRequest): Promise<unknown> {
  const found = await destinationInPath(context, request)
  requireSealer(context)
  if (!isSigned(found.row.webhookType as WebhookType))
    throw invalid('id', 'a destination of type custom; others are not signed')
  const { signing } = (request.body as { signing?: SigningKind } | null | undefined) ?? {}
  const current = found.secrets.signingSecrets[0]?.secret
  const secret = newSigningSecret(signing ?? (current === undefined ? 'hmac' : signingKindOf(current)))
  const secrets = rotate(found.secrets, secret, new Date())
  const destination = await updateDestination(
    context.database,
    context.sealer,
    found,
    { secrets },
    actorOf(request),
    'destination.secret_rotated',
  )
  return { destination, signing_secret: toldSecret(secret) }
}
