import { randomUUIDv7 } from 'node:crypto'
import { checkSetup, type NewDelivery } from '@ghostpost/delivery/deliver'
import type { DestinationSecrets, WebhookType } from '@ghostpost/delivery/destinations'
import { schemeOf } from '@ghostpost/delivery/receivers'
import { sampleVisitor } from '@ghostpost/delivery/visitors'
import type { AttemptView } from '@ghostpost/delivery/contract/delivery'
import { DestinationParams, DestinationTest } from '@ghostpost/delivery/contract/destination'
import type { FoundDestination } from '@ghostpost/infrastructure/database/destinations'
import { createAccessTokens } from '@ghostpost/infrastructure/outbound'
import { userAgent } from '@ghostpost/infrastructure/process'
import { ApiError } from '../../server/api-error.ts'
import { readTested } from '../deliveries/read-tested.ts'
import { closeBreaker } from '../receivers/close-breaker.ts'
import { refuseWhileHeld } from '../../server/refuse-while-held.ts'
import { testWaitMs } from '../../server/wait-slots.ts'
import { destinationInPath, requireSecrets } from './destination-request.ts'
import { siteOfDestinationInPath, type RequestWithId } from '../../server/site-of-request.ts'
import { callerOf, sessionOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const testDestination = defineRoute({
  method: 'POST',
  url: '/api/destinations/:id/test',
  access: { role: 'operator', site: siteOfDestinationInPath },
  summary: 'Send a marked sample',
  description:
    'Sends a sample visitor through the same checks, worker and log as an export, and responds with ' +
    'the attempt. The sample does not wait for an open circuit breaker. A response that shows that the receiver ' +
    'works again closes the breaker. Responds 409 while the destination is paused or disabled, because the sample ' +
    'would wait until it is enabled.',
  tag: 'Destinations',
  params: DestinationParams,
  responses: { 200: DestinationTest },
  errors: [400, 401, 403, 404, 409, 503],
  handle,
})

async function handle(context: RouteContext, request: RequestWithId): Promise<unknown> {
  refuseWhileHeld(context)
  const found = await destinationInPath(context, request)
  const { row } = found
  const secrets = requireSecrets(found)
  if (row.state !== 'enabled')
    throw new ApiError('destination_disabled', `This destination is ${row.state}, so a sample would wait.`)
  const { queue, settlements } = context
  const { userId } = sessionOf(request)
  const id = randomUUIDv7()
  const expectation = settlements.expect(id)
  const delivery: NewDelivery = {
    id,
    siteId: row.siteId,
    ghostVid: sampleVisitor.ghostVid,
    webhookType: row.webhookType as WebhookType,
    receiverUrl: null,
    receiverHost: row.receiverHost,
    receiverScheme: schemeOf(new URL(secrets.url)),
    webhookKey: null,
    destinationId: row.id,
    includeJourney: true,
    includeEvents: true,
    sample: true,
    requestedBy: userId,
    idempotency: null,
  }
  const saved = await context.save(delivery, callerOf(request))
  if (saved.kind !== 'saved') throw new Error(`a sample delivery was not saved: ${saved.kind}`)
  const { breaker } = await context.budgets.read(saved.due.budget)
  await queue.enqueue(saved.due, { probe: true })
  const waitsFor = { siteId: row.siteId, receiver: saved.due.budget }
  await context.waitSlots.runWithWait(waitsFor, testWaitMs(context.settings), (waitMs) =>
    context.rights.waitWhileHeld(request, expectation.waitFor(waitMs)),
  )
  await context.rights.require(request)
  const { attempt, ...tested } = await readTested(context, request, id)
  if (breaker !== 'closed' && attempt && showsReceiverWorks(attempt))
    await closeBreaker(context, saved.due.budget, { destinationId: row.id })
  return { ...tested, attempt, setup: await readSetup(context, found, secrets) }
}

/** A response that is not asked to be repeated: the receiver is up, whatever it thinks of the sample. */
function showsReceiverWorks({ outcome, decision }: AttemptView): boolean {
  return outcome === 'answered' && decision !== 'retry'
}

/** How long the check of the CRM's fields may take, in milliseconds. */
const setupTimeoutMs = 5_000

function readSetup(
  { sender }: RouteContext,
  { row }: FoundDestination,
  secrets: DestinationSecrets,
): Promise<string[]> {
  const target = { ...secrets, credentials: secrets.credentials ?? null, options: secrets.options ?? {} }
  const input = { destinationId: row.id, siteId: row.siteId, target, userAgent, withinMs: setupTimeoutMs }
  return checkSetup(
    { ...input, webhookType: row.webhookType as WebhookType },
    { send: sender.send, authorize: createAccessTokens(sender.send, userAgent), now: () => new Date() },
  )
}
