import type { AttemptSettings, BudgetedResult } from '@ghostpost/delivery/deliver'
import type { LiveEvents } from '@ghostpost/infrastructure/events'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { WorkerMetrics } from '@ghostpost/infrastructure/telemetry'
import { logAttempt } from './log-attempt.ts'
import type { AttemptTallies } from './tally-attempts.ts'

/** Returns a function that logs, counts and publishes the result of an attempt. */
export function observeAttempts(
  { log, events }: Resources,
  metrics: WorkerMetrics,
  tallies: AttemptTallies,
  settings: Pick<AttemptSettings, 'retryScheduleMs'>,
): (deliveryId: string, result: BudgetedResult) => void {
  return (deliveryId, result) => {
    metrics.observe(result)
    logAttempt(log, deliveryId, result, settings)
    tallies.count(result)
    publishSettlement(events, result)
  }
}

function publishSettlement(events: LiveEvents, result: BudgetedResult): void {
  if (result.kind !== 'settled') return
  const { claim, settlement } = result
  const delivery = { ...claim, attemptsMade: settlement.attempts }
  events.publishDelivery(delivery, settlement.state, settlement.error?.code ?? null)
}
