import {
  createHubspotProperties as createProperties,
  traitsOf,
  typesWith,
  type WebhookType,
} from '@ghostpost/delivery/destinations'
import { DestinationParams, HubspotProperties } from '@ghostpost/delivery/contract/destination'
import { userAgent } from '@ghostpost/infrastructure/process'
import { refuseWhileHeld } from '../../server/refuse-while-held.ts'
import { ApiError } from '../../server/api-error.ts'
import { destinationInPath, invalid, requireSecrets } from './destination-request.ts'
import { siteOfDestinationInPath, type RequestWithId } from '../../server/site-of-request.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const createHubspotProperties = defineRoute({
  method: 'POST',
  idempotent: true,
  url: '/api/destinations/:id/hubspot-properties',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Create the contact properties a HubSpot destination needs',
  description:
    'Creates the missing properties with the destination’s own token, which needs the scope ' +
    'crm.schemas.contacts.write. A repeat changes nothing.',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 200: HubspotProperties },
  errors: [400, 401, 403, 404, 409, 502, 503],
  handle,
})

async function handle(context: RouteContext, request: RequestWithId): Promise<unknown> {
  refuseWhileHeld(context)
  const found = await destinationInPath(context, request)
  const { row } = found
  const secrets = requireSecrets(found)
  const { credentials } = secrets
  const canCreate = traitsOf(row.webhookType as WebhookType).createsProperties
  if (!canCreate || credentials?.kind !== 'access_token') {
    const types = typesWith(({ createsProperties }) => createsProperties)
    throw invalid('id', `a ${types.join(' or ')} destination with credentials of the kind access_token`)
  }
  const { created, existing, unfit, failed } = await createProperties(credentials, new URL(secrets.url), {
    send: context.sender.send,
    now: () => new Date(),
    userAgent,
  })
  if (failed === null) return { created, existing, unfit }
  const { failure, property } = failed
  throw new ApiError('receiver_refused', `${property}: ${failure.message}`, [
    { field: property, expected: failure.remedy },
  ])
}
