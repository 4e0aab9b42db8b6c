import { explainWait, type Lane } from '@ghostpost/delivery/deliver'
import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import { DeliveryParams } from '@ghostpost/delivery/contract/delivery'
import { DeliveryExplanation } from '@ghostpost/delivery/contract/delivery-log'
import { findWaiting } from '@ghostpost/infrastructure/database/log'
import { listLanePauses } from '@ghostpost/infrastructure/database/upkeep'
import type { DeliveryQueue } from '@ghostpost/infrastructure/queue'
import { ApiError } from '../../server/api-error.ts'
import { siteOfDeliveryInPath } from '../../server/site-of-request.ts'
import { isInstallationAdmin } from '../../server/authorise.ts'
import { defineRoute } from '../../server/route.ts'

export const explainDelivery = defineRoute({
  method: 'GET',
  url: '/api/deliveries/:id/explain',
  access: { role: 'viewer', site: siteOfDeliveryInPath },
  summary: 'Explain why a delivery is in its state',
  description: 'Lists the reasons, the decisive one first, each with a remedy where there is one.',
  tag: 'Deliveries',
  params: DeliveryParams,
  responses: { 200: DeliveryExplanation },
  errors: [400, 401, 403, 404],
  handle: async ({ database, queue, budgets, settings }, request) => {
    const { id } = request.params
    const delivery = await findWaiting(database, id, settings.retryScheduleMs)
    if (!delivery) throw new ApiError('delivery_not_found', 'There is no such delivery.')
    const [budget, check, pauses, seesAllSites] = await Promise.all([
      budgets.read(budgetKeyOf(delivery)),
      queue.check(),
      listLanePauses(database),
      isInstallationAdmin({ database }, request),
    ])
    const isQueueUp = check === 'ok' || check === 'evicting' || check === 'partial'
    const job = { deliveryId: id, attemptsMade: delivery.attemptsTotal }
    const reasons = explainWait(delivery, {
      now: new Date(),
      lane: delivery.lane,
      lanePauseReason: pauses.find(({ lane }) => lane === delivery.lane)?.reason ?? null,
      breaker: budget.breaker,
      breakerOpenUntil: budget.openUntil,
      throttledUntil: budget.blockedUntil,
      inFlight: budget.inFlight,
      concurrencyNow: budget.room,
      isQueueUp,
      job: isQueueUp ? await queue.locate(job).catch(() => null) : null,
      waitingInLane: isQueueUp && seesAllSites ? await countWaitingInLane(queue, delivery.lane) : null,
    })
    return {
      delivery_id: id,
      status: delivery.state,
      reasons: reasons.map((reason) => ({ ...reason, until: reason.until?.toISOString() ?? null })),
    }
  },
})

function countWaitingInLane(queue: DeliveryQueue, lane: Lane): Promise<number | null> {
  return queue.depth().then(
    (depths) => depths[lane].waiting,
    () => null,
  )
}
