import {
  rotateSigningSecret as rotate,
  type DestinationSecrets,
  type WebhookType,
} from '@ghostpost/delivery/destinations'
import {
  DestinationParams,
  DestinationWithSecret,
  SigningBody,
} from '@ghostpost/delivery/contract/destination'
import { newSigningSecret, signingKindOf, type SigningKind } from '@ghostpost/infrastructure/secrets'
import type { FastifyRequest } from 'fastify'
import { changeDestination } from './change-destination.ts'
import { invalid, isSigned, requireSecrets } from './destination-request.ts'
import { secretToShow } from './signing-request.ts'
import { siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const rotateSigningSecret = defineRoute({
  method: 'POST',
  url: '/api/destinations/:id/signing-secret',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Create a new signing secret',
  description:
    'The old secret signs as well for 24 hours, so that the receiver can switch. The response shows ' +
    'the new secret once. `signing` changes its kind.',
  tag: 'Destinations',
  params: DestinationParams,
  body: SigningBody,
  responses: { 200: DestinationWithSecret },
  errors: [400, 401, 403, 404, 409, 501, 503],
  handle,
})

async function handle(
  context: RouteContext,
  request: FastifyRequest<{ Params: { id: string }; Body: SigningBody }>,
): Promise<unknown> {
  // A request may have no body.
  const { signing } = request.body ?? {}
  let secret = ''
  const { view } = await changeDestination(
    context,
    request,
    (found) => {
      const { row } = found
      const secrets = requireSecrets(found)
      if (!isSigned(row.webhookType as WebhookType))
        throw invalid('id', 'a destination of type custom; requests of other types are not signed')
      secret = newSigningSecret(signing ?? kindOf(secrets))
      return { secrets: rotate(secrets, secret, context.database.clock.now()) }
    },
    'destination.secret_rotated',
  )
  return { destination: view, signing_secret: secretToShow(secret) }
}

/** The kind of the current signing secret. */
function kindOf({ signingSecrets: [current] }: DestinationSecrets): SigningKind {
  return current === undefined ? 'hmac' : signingKindOf(current.secret)
}
