import { explainWait, type DeliveryState, type Lane } from '@ghostpost/delivery/deliver'
import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import type { WaitReasonView } from '@ghostpost/delivery/contract/delivery-log'
import { findWaiting } from '@ghostpost/infrastructure/database/log'
import { listLanePauses } from '@ghostpost/infrastructure/database/upkeep'
import { isUsable, type DeliveryQueue } from '@ghostpost/infrastructure/queue'
import type { FastifyRequest } from 'fastify'
import { isInstallationAdmin } from '../../server/authorise.ts'
import type { RouteContext } from '../../server/route.ts'

interface WaitReasons {
  state: DeliveryState
  /** The decisive one first. */
  reasons: WaitReasonView[]
}

/** Why a delivery is in its state; null if there is no such delivery. */
export async function findWaitReasons(
  { database, queue, budgets, settings }: RouteContext,
  request: FastifyRequest,
  id: string,
): Promise<WaitReasons | null> {
  const delivery = await findWaiting(database, id, settings.retryScheduleMs)
  if (!delivery) return null
  const [budget, check, pauses, seesAllSites] = await Promise.all([
    budgets.read(budgetKeyOf(delivery)),
    queue.check(),
    listLanePauses(database),
    isInstallationAdmin({ database }, request),
  ])
  const isQueueUp = isUsable(check)
  const job = { deliveryId: id, attemptsMade: delivery.attemptsTotal }
  const reasons = explainWait(delivery, {
    now: new Date(),
    isHeld: settings.GHOSTPOST_HOLD,
    lane: delivery.lane,
    lanePauseReason: pauses.find(({ lane }) => lane === delivery.lane)?.reason ?? null,
    breaker: budget.breaker,
    breakerOpenUntil: budget.openUntil,
    throttledUntil: budget.blockedUntil,
    inFlight: budget.inFlight,
    concurrencyNow: budget.room,
    isQueueUp,
    queueCheck: check,
    job: isQueueUp ? await queue.locate(job).catch(() => null) : null,
    waitingInLane: isQueueUp && seesAllSites ? await countWaitingInLane(queue, delivery.lane) : null,
  })
  const state = delivery.state
  return {
    state,
    reasons: reasons.map((reason) => ({ ...reason, until: reason.until?.toISOString() ?? null })),
  }
}

function countWaitingInLane(queue: DeliveryQueue, lane: Lane): Promise<number | null> {
  return queue.depth().then(
    (depths) => depths[lane].waiting,
    () => null,
  )
}
