import { randomUUIDv7 } from 'node:crypto'
import type { DeliveryState, DueDelivery } from '@ghostpost/delivery/deliver'
import {
  reExportRefusal,
  resendRefusal,
  type ReplayableDelivery,
  type ReplayRefusal,
} from '@ghostpost/delivery/operations'
import { DeliveryParams } from '@ghostpost/delivery/contract/delivery'
import {
  ManualActionResult,
  EditBody,
  ResendBody,
  type ManualActionResult as Made,
} from '@ghostpost/delivery/contract/delivery-log'
import {
  cancelDelivery as cancel,
  copyDelivery,
  findReplayable,
  resendDelivery as resend,
} from '@ghostpost/infrastructure/database/log'
import type { FastifyReply } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { siteOfDeliveryInPath, type RequestWithId } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

const common = {
  method: 'POST',
  access: { role: 'operator', site: siteOfDeliveryInPath },
  tag: 'Deliveries',
  params: DeliveryParams,
  errors: [400, 401, 403, 404, 409],
} as const

export const resendDelivery = defineRoute({
  ...common,
  url: '/api/deliveries/:id/resend',
  summary: 'Send the stored bytes again',
  description:
    'Starts a new series of attempts of the same delivery under the same webhook-id, ' +
    'by which a receiver can recognise it. A delivered delivery needs `confirm_duplicate`.',
  body: ResendBody,
  responses: { 202: ManualActionResult },
  handle: async (context, request, reply) => {
    const { id, found } = await deliveryInPath(context, request)
    const { confirm_duplicate } = request.body
    const refusal = resendRefusal(found, {
      by: 'person',
      isDuplicateConfirmed: confirm_duplicate ?? false,
    })
    if (refusal !== null) throw errorOfRefusal(refusal, found)
    const due = await resend(
      context.database,
      id,
      context.settings.GHOSTPOST_SWEEP_AFTER_MS,
      actorOf(request),
    )
    if (!due) throw new ApiError('delivery_unfinished', 'Another request has just resent it.')
    return enqueueReplayed(context, reply, due, null)
  },
})

export const reExportDelivery = defineRoute({
  ...common,
  url: '/api/deliveries/:id/re-export',
  summary: 'Export the same visitor once more, with fresh data',
  description: 'Makes a new delivery with its own id to the same receiver. The old one stays as it is.',
  responses: { 202: ManualActionResult },
  handle: (context, request, reply) => copyAndEnqueue(context, request, reply, null),
})

export const editDelivery = defineRoute({
  ...common,
  url: '/api/deliveries/:id/edit',
  summary: 'Send other bytes instead',
  description:
    'Makes a new delivery with the given payload to the same receiver. The old one stays as it is.',
  body: EditBody,
  responses: { 202: ManualActionResult },
  handle: (context, request, reply) =>
    copyAndEnqueue(context, request, reply, JSON.stringify(request.body.payload)),
})

export const cancelDelivery = defineRoute({
  ...common,
  url: '/api/deliveries/:id/cancel',
  summary: 'Stop trying',
  description:
    'For a waiting delivery. A delivery that a worker is attempting right now cannot be cancelled.',
  responses: { 200: ManualActionResult },
  handle: async ({ database, events }, request) => {
    const { id } = request.params
    const cancelled = await cancel(database, id, actorOf(request))
    if (cancelled) {
      events.publishDelivery(cancelled, 'cancelled')
      return { delivery_id: id, status: 'cancelled', made_from: null }
    }
    const { state } = await requireReplayable(database, id)
    if (state === 'delivering')
      throw new ApiError('delivery_unfinished', 'A worker is delivering it right now; try again in a moment.')
    throw new ApiError('delivery_finished', `It is ${state} already.`)
  },
})

async function deliveryInPath(
  { database }: RouteContext,
  { params: { id } }: RequestWithId,
): Promise<{ id: string; found: ReplayableDelivery }> {
  return { id, found: await requireReplayable(database, id) }
}

async function requireReplayable(
  database: RouteContext['database'],
  id: string,
): Promise<ReplayableDelivery> {
  const found = await findReplayable(database, id)
  if (!found) throw new ApiError('delivery_not_found', 'There is no such delivery.')
  return found
}

function errorOfRefusal(refusal: ReplayRefusal, { state }: ReplayableDelivery): ApiError {
  switch (refusal) {
    case 'unfinished':
      return new ApiError('delivery_unfinished', `It is ${state} and continues by itself.`)
    case 'visitor_gone':
      return new ApiError('visitor_gone', 'The visitor of this delivery is gone.')
    case 'destination_gone':
      return new ApiError('destination_not_found', 'Its saved destination is gone.')
    case 'destination_disabled':
      return new ApiError('destination_disabled', 'The receiver of this destination said it is gone.')
    case 'destination_paused':
      return new ApiError('destination_disabled', 'This destination is paused.')
    case 'payload_gone':
      return new ApiError('payload_gone', 'The payload of this delivery is no longer stored.')
    case 'confirmation_needed':
      return new ApiError('confirmation_needed', 'It was delivered; another send makes a duplicate.')
  }
}

async function copyAndEnqueue(
  context: RouteContext,
  request: RequestWithId,
  reply: FastifyReply,
  payload: string | null,
): Promise<Made> {
  const { id, found } = await deliveryInPath(context, request)
  const refusal = reExportRefusal(found, { by: 'person', isDuplicateConfirmed: false })
  if (refusal !== null) throw errorOfRefusal(refusal, found)
  const sweepAfterMs = context.settings.GHOSTPOST_SWEEP_AFTER_MS
  const copyRequest = { newId: randomUUIDv7(), sourceId: id, sweepAfterMs, payload }
  const due = await copyDelivery(context.database, copyRequest, actorOf(request))
  if (!due) throw new ApiError('visitor_gone', 'The visitor of this delivery was erased.')
  return enqueueReplayed(context, reply, due, id)
}

/** Enqueues the due delivery and responds with it. */
async function enqueueReplayed(
  { queue, events }: RouteContext,
  reply: FastifyReply,
  due: DueDelivery,
  madeFrom: string | null,
): Promise<Made> {
  const { deliveryId } = due
  // The queue may still have a delayed job of an earlier series.
  await queue.enqueue(due, { overdue: true })
  events.publishDelivery(due, 'queued')
  void reply.code(202).header('location', `/api/deliveries/${deliveryId}`)
  const status: DeliveryState = 'queued'
  return { delivery_id: deliveryId, status, made_from: madeFrom }
}
