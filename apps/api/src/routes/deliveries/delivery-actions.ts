import { createHash, randomUUIDv7 } from 'node:crypto'
import type { DeliveryState } from '@ghostpost/delivery/deliver'
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
  type ReplayInput,
  type ReplayResult,
} from '@ghostpost/infrastructure/database/log'
import { IdempotencyHeaders } from '@ghostpost/delivery/contract/webhook'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { siteOfDeliveryInPath } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

const common = {
  method: 'POST',
  access: { role: 'operator', site: siteOfDeliveryInPath },
  tag: 'Deliveries',
  params: DeliveryParams,
  errors: [400, 401, 403, 404, 409],
} as const

/** A repeat with the same Idempotency-Key gets the first response again. */
const keyed = { ...common, headers: IdempotencyHeaders, responses: { 202: ManualActionResult } } as const

type KeyedRequest = FastifyRequest<{ Params: { id: string }; Headers: IdempotencyHeaders }>

export const resendDelivery = defineRoute({
  ...keyed,
  url: '/api/deliveries/:id/resend',
  summary: 'Send the stored bytes again',
  description:
    'Starts a new series of attempts of the same delivery under the same webhook-id, ' +
    'by which a receiver can recognise it. A delivered delivery needs `confirm_duplicate`.',
  body: ResendBody,
  handle: async (context, request, reply) => {
    const isDuplicateConfirmed = request.body.confirm_duplicate ?? false
    const input: ReplayInput = {
      ...replayInputOf(context, request, 'resend'),
      judge: (delivery) => resendRefusal(delivery, { by: 'person', isDuplicateConfirmed }),
    }
    const result = await resend(context.database, input, actorOf(request))
    return respondToReplay(context, reply, result, null)
  },
})

export const reExportDelivery = defineRoute({
  ...keyed,
  url: '/api/deliveries/:id/re-export',
  summary: 'Export the same visitor once more, with fresh data',
  description: 'Makes a new delivery with its own id to the same receiver. The old one stays as it is.',
  handle: (context, request, reply) => copyAndEnqueue(context, request, reply, null),
})

export const editDelivery = defineRoute({
  ...keyed,
  url: '/api/deliveries/:id/edit',
  summary: 'Send other bytes instead',
  description:
    'Makes a new delivery with the given payload to the same receiver. The old one stays as it is.',
  body: EditBody,
  handle: (context, request, reply) =>
    copyAndEnqueue(context, request, reply, JSON.stringify(request.body.payload)),
})

export const cancelDelivery = defineRoute({
  ...common,
  idempotent: true,
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
    const found = await findReplayable(database, id)
    if (!found) throw deliveryNotFound()
    if (found.state === 'delivering')
      throw new ApiError('delivery_unfinished', 'A worker is delivering it right now; try again in a moment.')
    throw new ApiError('delivery_finished', `It is ${found.state} already.`)
  },
})

function deliveryNotFound(): ApiError {
  return new ApiError('delivery_not_found', 'There is no such delivery.')
}

function replayInputOf(
  { settings }: RouteContext,
  { params: { id }, headers, body }: KeyedRequest,
  action: 'resend' | 'copy',
): Omit<ReplayInput, 'judge'> {
  const key = headers['idempotency-key']
  const text = JSON.stringify({ action, id, body: body ?? null })
  const requestDigest = createHash('sha256').update(text).digest('base64url')
  return {
    id,
    sweepAfterMs: settings.GHOSTPOST_SWEEP_AFTER_MS,
    idempotency: key === undefined ? null : { key, requestDigest },
  }
}

function errorOfRefusal(refusal: ReplayRefusal, state: DeliveryState): ApiError {
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
  request: KeyedRequest,
  reply: FastifyReply,
  payload: string | null,
): Promise<Made> {
  const input = {
    ...replayInputOf(context, request, 'copy'),
    judge: (delivery: ReplayableDelivery) =>
      reExportRefusal(delivery, { by: 'person', isDuplicateConfirmed: false }),
    newId: randomUUIDv7(),
    payload,
  }
  const result = await copyDelivery(context.database, input, actorOf(request))
  return respondToReplay(context, reply, result, input.id)
}

/** Enqueues the due delivery and responds with it. */
async function respondToReplay(
  { queue, events }: RouteContext,
  reply: FastifyReply,
  result: ReplayResult,
  madeFrom: string | null,
): Promise<Made> {
  if (result.kind === 'not_found') throw deliveryNotFound()
  if (result.kind === 'refused') throw errorOfRefusal(result.refusal, result.state)
  if (result.kind === 'idempotency_conflict')
    throw new ApiError(result.kind, 'This Idempotency-Key was used for a different request.')
  if (result.kind === 'due') {
    // The queue may still have a delayed job of an earlier series.
    await queue.enqueue(result.due, { overdue: true })
    events.publishDelivery(result.due, 'queued')
  }
  const deliveryId = result.kind === 'due' ? result.due.deliveryId : result.deliveryId
  void reply.code(202).header('location', `/api/deliveries/${deliveryId}`)
  const status: DeliveryState = 'queued'
  return { delivery_id: deliveryId, status, made_from: madeFrom }
}
