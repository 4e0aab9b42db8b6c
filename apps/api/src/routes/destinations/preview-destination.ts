import { previewDelivery, type DeliveryPreview } from '@ghostpost/delivery/deliver'
import type { DestinationSecrets, WebhookType } from '@ghostpost/delivery/destinations'
import { DestinationParams } from '@ghostpost/delivery/contract/destination'
import { DestinationPreview, PreviewBody } from '@ghostpost/delivery/contract/mapping'
import { maskedReceiver, schemeOf } from '@ghostpost/delivery/receivers'
import { sampleVisitor, type VisitorProfile } from '@ghostpost/delivery/visitors'
import { readProfile } from '@ghostpost/infrastructure/database/attempts'
import type { FoundDestination } from '@ghostpost/infrastructure/database/destinations'
import { createAccessTokens } from '@ghostpost/infrastructure/outbound'
import { userAgent } from '@ghostpost/infrastructure/process'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { siteOfDestinationInPath } from '../../server/site-of-request.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import { destinationInPath, requireSecrets } from './destination-request.ts'
import { mappingProblemsInCrm, requireMapping } from './mapping-request.ts'

export const previewDestination = defineRoute({
  method: 'POST',
  url: '/api/destinations/:id/preview',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Preview what an export would send',
  description:
    'Builds the request that an export of the visitor would send now, and the message as the tool shows it. Of a ' +
    'destination with credentials it reads the record, and returns each field before and after an export. Writes ' +
    'nothing, there or here. With `mapping` it previews a mapping that is not saved.',
  tag: 'Destinations',
  params: DestinationParams,
  body: PreviewBody,
  responses: { 200: DestinationPreview },
  errors: [400, 401, 403, 404, 409, 413, 415, 503],
  handle,
})

/** How long the reads of the CRM's record may take, in milliseconds. */
const readTimeoutMs = 5_000

async function handle(
  context: RouteContext,
  request: FastifyRequest<{ Params: { id: string }; Body: PreviewBody }>,
): Promise<DestinationPreview> {
  const { body } = request
  const found = await destinationInPath(context, request)
  const { row } = found
  const type = row.webhookType as WebhookType
  const saved = requireSecrets(found)
  const mapping = body.mapping === undefined ? (saved.mapping ?? null) : body.mapping
  requireMapping(type, mapping, Boolean(saved.credentials))
  const secrets = { ...saved, mapping }
  const profile = await profileOf(context, row.siteId, body.ghost_vid)
  const preview = await previewOf(context, found, secrets, profile, body)
  const input = { type, destinationId: row.id, siteId: row.siteId, secrets }
  return viewOf(preview, new URL(saved.url), await mappingProblemsInCrm(context, input))
}

async function profileOf(
  { database }: RouteContext,
  siteId: number,
  ghostVid: string | undefined,
): Promise<VisitorProfile> {
  if (ghostVid === undefined) return sampleVisitor
  const profile = await readProfile(database, siteId, ghostVid)
  if (profile === null) throw new ApiError('visitor_not_found', 'This site has no visitor with this id.')
  return profile
}

function previewOf(
  { sender, settings }: RouteContext,
  { row }: FoundDestination,
  secrets: DestinationSecrets,
  profile: VisitorProfile,
  { include_journey = true, include_events = true }: PreviewBody,
): Promise<DeliveryPreview> {
  const { url, headers, credentials = null, options = {}, mapping = null } = secrets
  return previewDelivery(
    {
      webhookType: row.webhookType as WebhookType,
      destinationId: row.id,
      siteId: row.siteId,
      target: { url, headers, signingSecrets: [], credentials, options, mapping },
      profile,
      includeJourney: include_journey,
      includeEvents: include_events,
      publicUrl: settings.GHOSTPOST_PUBLIC_URL,
      userAgent,
      withinMs: readTimeoutMs,
    },
    { send: sender.send, authorize: createAccessTokens(sender.send, userAgent), now: () => new Date() },
  )
}

function viewOf(
  { request, message, record, fields }: DeliveryPreview,
  receiver: URL,
  problems: DestinationPreview['problems'],
): DestinationPreview {
  // The path of a webhook is a secret. Those of a CRM's API are not.
  const url = record === null ? maskedReceiver(schemeOf(receiver), receiver.host) : request.url.href
  const { headers, method, body } = request
  return {
    request: { method, url, headers: { ...headers }, body },
    message: message && { ...message, fields: [...message.fields] },
    record: recordView(record),
    fields,
    problems,
  }
}

function recordView(record: DeliveryPreview['record']): DestinationPreview['record'] {
  if (record === null) return null
  const none = { type: null, id: null, link: null, because: null }
  if (record.state === 'present') return { ...none, state: record.state, ...record.reference }
  return { ...none, ...record }
}
