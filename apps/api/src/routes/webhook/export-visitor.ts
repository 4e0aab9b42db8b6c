import {
  defaultSiteId,
  DeliveredResponse,
  ExportBody,
  ExportHeaders,
  FailedResponse,
  PendingResponse,
} from '@ghostpost/delivery/contract/webhook'
import {
  acceptDelivery,
  type AcceptPorts,
  type AcceptRefusal,
  type ExportRequest,
  type SettlementSubscription,
} from '@ghostpost/delivery/deliver'
import { findKeyedDelivery } from '@ghostpost/infrastructure/database/attempts'
import { webhookKeyOf } from '@ghostpost/infrastructure/secrets'
import { defaultWebhookType } from '@ghostpost/delivery/destinations'
import { budgetKeyOf, receiverHostOf, schemeOf } from '@ghostpost/delivery/receivers'
import {
  invalid,
  receiverUrlOf,
  requireDestination,
  requireSecrets,
} from '../destinations/destination-request.ts'
import {
  preferredWait,
  respondToNewExport,
  respondToRepeatedExport,
  type RespondedExport,
} from './respond-to-export.ts'
import { ApiError } from '../../server/api-error.ts'
import { callerOf, sessionOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import { destinationNotFound, siteInBody } from '../../server/site-of-request.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createHash, randomUUIDv7 } from 'node:crypto'

export const exportVisitor = defineRoute({
  method: 'POST',
  url: '/api/webhook',
  access: { role: 'operator', site: siteInBody },
  summary: 'Send visitor data to an external webhook target',
  description:
    'Stores a delivery, enqueues it for a worker, and responds with the result as soon as the first ' +
    'attempt has settled. The delivery continues if the caller disconnects.',
  tag: 'Webhooks',
  body: ExportBody,
  headers: ExportHeaders,
  responses: { 200: DeliveredResponse, 202: PendingResponse, 502: FailedResponse },
  errors: [400, 401, 403, 404, 409, 413, 415, 503],
  handle,
})

type HttpExport = FastifyRequest<{ Body: ExportBody; Headers: ExportHeaders }>

async function handle(context: RouteContext, request: HttpExport, reply: FastifyReply): Promise<unknown> {
  const { GHOSTPOST_HOLD: isHeld, GHOSTPOST_WAIT_MS: waitMsDefault } = context.settings
  const preferred = preferredWait(request.headers.prefer, waitMsDefault)
  // Nothing is sent, so there is nothing to wait for.
  const wait = isHeld ? { ms: 0, applied: null } : preferred
  const accepted = await accept(context, request).catch((refused: unknown) =>
    acceptedBefore(context, request, refused),
  )
  const waiting = { ...accepted, subscription: whileRightHeld(context, request, accepted.subscription) }
  const { status, body } = await context.waitSlots.runWithWait(accepted.waitsFor, wait.ms, (waitMs) =>
    accepted.respond(context.database, accepted.subject, waiting, waitMs),
  )
  if (wait.applied !== null) void reply.header('preference-applied', wait.applied)
  if (status === 202) void reply.header('location', `/api/deliveries/${accepted.deliveryId}`)
  return reply.code(status).send(body)
}

/** An export whose delivery is stored, by this request or by an earlier one under the same idempotency key. */
interface AcceptedExport {
  deliveryId: string
  subject: RespondedExport
  waitsFor: { siteId: number; receiver: string }
  subscription: SettlementSubscription
  respond: typeof respondToNewExport
}

/** @throws ApiError when the request is refused; then it stored nothing */
async function accept(context: RouteContext, request: HttpExport): Promise<AcceptedExport> {
  const exportRequest = await exportRequestOf(context, request)
  const accepted = await acceptDelivery(exportRequest, portsOf(context, request))
  if (accepted.kind !== 'accepted' && accepted.kind !== 'already_accepted')
    throw refusal(accepted.kind, exportRequest)
  if (accepted.kind === 'accepted') {
    context.apiMetrics.accepted(exportRequest.webhookType)
    context.events.publishDelivery(accepted.due, 'queued')
  }
  return {
    ...accepted,
    subject: exportRequest,
    waitsFor: { siteId: exportRequest.siteId, receiver: budgetKeyOf(exportRequest) },
    respond: accepted.kind === 'accepted' ? respondToNewExport : respondToRepeatedExport,
  }
}

/**
 * The delivery of an earlier request under the same idempotency key. A repeat gets the first response whatever happened
 * to the destination and the visitor since: only a refused request needs this, because saving finds the key by itself.
 * @throws refused when there is no such delivery, or `idempotency_conflict` when the key belongs to another request
 */
async function acceptedBefore(
  context: RouteContext,
  request: HttpExport,
  refused: unknown,
): Promise<AcceptedExport> {
  const key = request.headers['idempotency-key']
  const { userId } = sessionOf(request)
  const isAboutBody = refused instanceof ApiError && refused.code === 'validation_failed'
  if (!(refused instanceof ApiError) || key === undefined || isAboutBody) throw refused
  const keyed = await findKeyedDelivery(context.database, userId, key)
  if (!keyed) throw refused
  const { ghost_vid: ghostVid, destination_id: destinationId = null } = request.body
  const target = destinationId === null ? adHocTargetOf(request.body) : { ...keyed, receiverUrl: null }
  const requestDigest = digestOf(request.body, { ...target, destinationId })
  if (requestDigest !== keyed.requestDigest) throw idempotencyConflict()
  const { deliveryId, siteId, webhookType } = keyed
  return {
    deliveryId,
    subject: { userId, ghostVid, webhookType, idempotency: { key, requestDigest } },
    waitsFor: { siteId, receiver: budgetKeyOf(keyed) },
    subscription: context.settlements.expect(deliveryId),
    respond: respondToRepeatedExport,
  }
}

/** Ends the wait without an outcome when the caller loses its right: its delivery continues, so it gets 202. */
function whileRightHeld(
  { rights }: RouteContext,
  request: FastifyRequest,
  { waitFor, cancel }: SettlementSubscription,
): SettlementSubscription {
  return {
    waitFor: (waitMs) => rights.waitWhileHeld(request, waitFor(waitMs)),
    cancel,
  }
}

function refusal(kind: AcceptRefusal['kind'], { siteId, ghostVid }: ExportRequest): ApiError {
  if (kind === 'site_not_found') return new ApiError(kind, `There is no site ${siteId}.`)
  if (kind === 'visitor_not_found') return new ApiError(kind, `Site ${siteId} has no visitor ${ghostVid}.`)
  return idempotencyConflict()
}

function idempotencyConflict(): ApiError {
  return new ApiError('idempotency_conflict', 'This Idempotency-Key was used for a different request.')
}

async function exportRequestOf(context: RouteContext, request: HttpExport): Promise<ExportRequest> {
  const { body } = request
  const key = request.headers['idempotency-key']
  const target = await targetOf(context, request, body)
  return {
    ...contentOf(body),
    ...target,
    userId: sessionOf(request).userId,
    idempotency: key === undefined ? null : { key, requestDigest: digestOf(body, target) },
  }
}

function contentOf(
  body: ExportBody,
): Pick<ExportRequest, 'siteId' | 'ghostVid' | 'includeJourney' | 'includeEvents'> {
  return {
    siteId: body.siteId ?? defaultSiteId,
    ghostVid: body.ghost_vid,
    includeJourney: body.include_journey ?? true,
    includeEvents: body.include_events ?? true,
  }
}

type Target = Pick<
  ExportRequest,
  'webhookType' | 'receiverUrl' | 'receiverHost' | 'receiverScheme' | 'webhookKey' | 'destinationId'
>

/** The receiver of an export: the URL and type of the request, or a saved destination of the same site. */
async function targetOf(context: RouteContext, request: FastifyRequest, body: ExportBody): Promise<Target> {
  if (body.destination_id === undefined) return adHocTargetOf(body)
  const expected = 'destination_id alone, or webhook_url and webhook_type'
  if (body.webhook_url !== undefined) throw invalid('webhook_url', expected)
  if (body.webhook_type !== undefined) throw invalid('webhook_type', expected)
  const found = await requireDestination(context, request, body.destination_id)
  const { row } = found
  if (row.siteId !== (body.siteId ?? defaultSiteId)) throw destinationNotFound()
  if (row.state === 'disabled')
    throw new ApiError(
      'destination_disabled',
      'This destination is disabled: its receiver responded that it is gone.',
    )
  const webhookType = row.webhookType as ExportRequest['webhookType']
  const receiverScheme = schemeOf(new URL(requireSecrets(found).url))
  const { receiverHost, id: destinationId } = row
  return { webhookType, receiverUrl: null, receiverHost, receiverScheme, webhookKey: null, destinationId }
}

function adHocTargetOf(body: ExportBody): Target {
  if (body.webhook_url === undefined) throw invalid('webhook_url', 'this field')
  const { url, written } = receiverUrlOf(body.webhook_url)
  const webhookType = body.webhook_type ?? defaultWebhookType
  return {
    webhookType,
    receiverUrl: written,
    receiverHost: receiverHostOf(url),
    receiverScheme: schemeOf(url),
    webhookKey: webhookKeyOf(webhookType, url),
    destinationId: null,
  }
}

/** Identifies what a request asks for. Every release computes it alike, because the digests of a day are stored. */
function digestOf(
  body: ExportBody,
  target: Pick<Target, 'webhookType' | 'receiverUrl' | 'receiverHost' | 'destinationId'>,
): string {
  const { siteId, ghostVid, includeJourney, includeEvents } = contentOf(body)
  const { webhookType, receiverUrl, receiverHost, destinationId } = target
  const fields = { siteId, ghostVid, webhookType, receiverUrl, receiverHost, destinationId }
  const text = JSON.stringify({ ...fields, includeJourney, includeEvents })
  return createHash('sha256').update(text).digest('base64url')
}

function portsOf({ save, queue, settlements }: RouteContext, request: FastifyRequest): AcceptPorts {
  return {
    newId: randomUUIDv7,
    save: (delivery) => save(delivery, callerOf(request)),
    enqueue: queue.enqueue,
    subscribeToSettlement: settlements.expect,
  }
}
