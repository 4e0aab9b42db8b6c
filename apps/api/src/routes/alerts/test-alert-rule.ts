import type { SavedAlert } from '@ghostpost/delivery/alerts'
import {
  AlertRuleParams,
  AlertTest,
  type AlertEmailView,
  type AlertTest as Tested,
} from '@ghostpost/delivery/contract/alerts'
import { claimEmail, recordEmail, saveTestAlert } from '@ghostpost/infrastructure/database/alerts'
import type { FastifyRequest } from 'fastify'
import { readTested } from '../deliveries/read-tested.ts'
import { refuseWhileHeld } from '../../server/refuse-while-held.ts'
import { testWaitMs } from '../../server/wait-slots.ts'
import { alertRuleInPath } from './alert-rule-request.ts'
import { ApiError } from '../../server/api-error.ts'
import { alertRuleNotFound, siteOfAlertRuleInPath, type RequestWithId } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const testAlertRule = defineRoute({
  method: 'POST',
  url: '/api/alert-rules/:id/test',
  access: { role: 'operator', site: siteOfAlertRuleInPath },
  summary: 'Send an alert that is marked as a test',
  description:
    'Measures now and sends the result as an alert would be sent: as a delivery, as an e-mail, or ' +
    'both. The response contains the attempt. The rule keeps its state. Tests by e-mail are limited per ' +
    'person and per site.',
  tag: 'Alerts',
  params: AlertRuleParams,
  responses: { 200: AlertTest },
  errors: [400, 401, 403, 404, 409, 429, 503],
  handle,
})

async function handle(context: RouteContext, request: RequestWithId): Promise<Tested> {
  refuseWhileHeld(context)
  const { row } = await alertRuleInPath(context, request)
  const { database, settings } = context
  const options = {
    dashboardUrl: settings.dashboardUrl,
    sweepAfterMs: settings.GHOSTPOST_SWEEP_AFTER_MS,
  }
  const tested = await saveTestAlert(database, row.id, options, actorOf(request))
  if (!tested) throw alertRuleNotFound()
  if (tested.kind === 'limited') throw tooManyEmails(tested.retryAfterSeconds)
  const { saved } = tested
  const [sent, email] = await Promise.all([
    sendTestDelivery(context, request, saved),
    saved.emails > 0 ? sendTestEmail(context, saved) : null,
  ])
  return { ...sent, email }
}

function tooManyEmails(seconds: number): ApiError {
  const message = `You, this rule or this site sent many e-mails in this hour. Wait ${seconds} s.`
  return new ApiError('rate_limited', message, [], seconds)
}

async function sendTestDelivery(
  context: RouteContext,
  request: FastifyRequest,
  { delivery }: SavedAlert,
): Promise<Omit<Tested, 'email'>> {
  if (delivery === null) return { delivery: null, attempt: null, waits_for: null }
  const { queue, settlements, settings, waitSlots, events, rights } = context
  const { deliveryId, budget } = delivery
  const expectation = settlements.expect(deliveryId)
  await queue.enqueue(delivery, { probe: true })
  events.publishDelivery(delivery, 'queued')
  const waitsFor = { siteId: delivery.siteId, receiver: budget }
  await waitSlots.runWithWait(waitsFor, testWaitMs(settings), (waitMs) =>
    rights.waitWhileHeld(request, expectation.waitFor(waitMs)),
  )
  await rights.require(request)
  return readTested(context, request, deliveryId)
}

/** Sends the e-mail at once. If that fails, a worker retries. */
async function sendTestEmail(
  { database, mailer }: RouteContext,
  { alertId }: SavedAlert,
): Promise<AlertEmailView> {
  const dueEmail = mailer && (await claimEmail(database, alertId))
  if (!dueEmail) return { state: 'waiting', error: null }
  return recordEmail(database, dueEmail, await mailer.send({ ...dueEmail, id: alertId }))
}
