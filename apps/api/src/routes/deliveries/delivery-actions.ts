import { randomUUIDv7 } from 'node:crypto'
import { isFinished, type DeliveryState } from '@ghostpost/delivery/deliver'
import { budgetKeyOf } from '@ghostpost/delivery/receivers'
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
  type ReplayableDelivery,
  type ReplayedDelivery,
} from '@ghostpost/infrastructure/database/log'
import type { FastifyReply } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { siteOfDeliveryInPath, type RequestWithId } from '../../server/site-of-request.ts'
import { publishDeliveryState } from './publish-delivery-state.ts'
import { actorOf, defineRoute, type RouteContext } from '../../server/route.ts'

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
    'A new series of attempts of the same delivery, under the same webhook-id: a receiver that keeps ids knows it. One that was delivered needs `confirm_duplicate`.',
  body: ResendBody,
  responses: { 202: ManualActionResult },
  handle: async (context, request, reply) => {
    const { id, found } = await deliveryInPath(context, request)
    const { confirm_duplicate } = request.body
    checkResend(found, confirm_duplicate ?? false)
    const replayed = await resend(
      context.database,
      id,
      context.settings.GHOSTPOST_SWEEP_AFTER_MS,
      actorOf(request),
    )
    if (!replayed) throw new ApiError('delivery_unfinished', 'It was made due by somebody else just now.')
    return enqueueReplayed(context, reply, replayed, null)
  },
})

export const reExportDelivery = defineRoute({
  ...common,
  url: '/api/deliveries/:id/re-export',
  summary: 'Export the same visitor once more, with fresh data',
  description: 'A new delivery with an id of its own, to the same receiver. The old one stays as it is.',
  responses: { 202: ManualActionResult },
  handle: (context, request, reply) => copyAndEnqueue(context, request, reply, null),
})

export const editDelivery = defineRoute({
  ...common,
  url: '/api/deliveries/:id/edit',
  summary: 'Send other bytes instead',
  description: 'A new delivery with the payload given, to the same receiver. The old one stays as it is.',
  body: EditBody,
  responses: { 202: ManualActionResult },
  handle: (context, request, reply) =>
    copyAndEnqueue(context, request, reply, JSON.stringify(request.body.payload)),
})

export const cancelDelivery = defineRoute({
  ...common,
  url: '/api/deliveries/:id/cancel',
  summary: 'Stop trying',
  description: 'For a delivery that waits. One that is being delivered right now settles first.',
  responses: { 200: ManualActionResult },
  handle: async ({ database, events }, request) => {
    const { id } = request.params
    const cancelled = await cancel(database, id, actorOf(request))
    if (cancelled) {
      publishDeliveryState(events, cancelled, id, 'cancelled')
      return { delivery_id: id, status: 'cancelled', made_from: null }
    }
    const { state } = await requireReplayable(database, id)
    if (state === 'delivering')
      throw new ApiError('delivery_unfinished', 'It is being delivered right now; try again in a moment.')
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

function checkResend({ state, hasPayload, target }: ReplayableDelivery, confirmed: boolean): void {
  if (!isFinished(state)) throw new ApiError('delivery_unfinished', `It is ${state}; it goes on by itself.`)
  if (!hasPayload) throw new ApiError('payload_gone', 'What was sent is no longer stored.')
  checkTarget(target)
  if (state === 'delivered' && !confirmed)
    throw new ApiError('confirmation_needed', 'It was delivered; sending it again makes a duplicate.')
}

function checkTarget(target: ReplayableDelivery['target']): void {
  if (target === 'none') throw new ApiError('destination_not_found', 'Its saved destination is gone.')
  if (target === 'disabled')
    throw new ApiError('destination_disabled', 'The receiver of this destination said it is gone.')
}

async function copyAndEnqueue(
  context: RouteContext,
  request: RequestWithId,
  reply: FastifyReply,
  payload: string | null,
): Promise<Made> {
  const { id, found } = await deliveryInPath(context, request)
  if (!found.hasVisitor) throw new ApiError('visitor_gone', 'The visitor of this delivery is gone.')
  checkTarget(found.target)
  const sweepAfterMs = context.settings.GHOSTPOST_SWEEP_AFTER_MS
  const copyRequest = { newId: randomUUIDv7(), sourceId: id, sweepAfterMs, payload }
  const replayed = await copyDelivery(context.database, copyRequest, actorOf(request))
  if (!replayed) throw new ApiError('visitor_gone', 'The visitor of this delivery was erased.')
  return enqueueReplayed(context, reply, replayed, id)
}

/** Rings for what is due now, and says what it is. */
async function enqueueReplayed(
  { queue, events }: RouteContext,
  reply: FastifyReply,
  replayed: ReplayedDelivery,
  madeFrom: string | null,
): Promise<Made> {
  const { deliveryId, siteId, attemptsMade } = replayed
  const job = { deliveryId, siteId, attemptsMade, budget: budgetKeyOf(replayed) }
  // A bell of an earlier series may still hang for later.
  await queue.enqueue({ ...job, lane: 'live', delayMs: 0, overdue: true })
  publishDeliveryState(events, replayed, deliveryId, 'queued')
  void reply.code(202).header('location', `/api/deliveries/${deliveryId}`)
  const status: DeliveryState = 'queued'
  return { delivery_id: deliveryId, status, made_from: madeFrom }
}
