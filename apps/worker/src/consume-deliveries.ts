import {
  attemptWithinBudget,
  lanes,
  type AttemptPorts,
  type AttemptSettings,
  type BudgetedResult,
  type BudgetPorts,
  type DueDelivery,
  type Lane,
} from '@ghostpost/delivery'
import {
  traceAttempts,
  type Consumed,
  type Consumer,
  type Resources,
  type WorkerMetrics,
} from '@ghostpost/infrastructure'
import { reportAttempt } from './report-attempt.ts'
import { tellSettlement } from './tell-settlement.ts'

/** Takes due deliveries from every lane and attempts them. */
export function consumeDeliveries(
  { queue, settings, log, events, tracing }: Resources,
  metrics: WorkerMetrics,
  ports: AttemptPorts & BudgetPorts,
  attemptSettings: AttemptSettings,
  isStopping: () => boolean,
): Record<Lane, Consumer> {
  const attempt = traceAttempts(tracing, async (due: DueDelivery) => {
    const result = await metrics.track(() => attemptWithinBudget(due, ports, attemptSettings, isStopping))
    metrics.observe(result)
    reportAttempt(log, due.deliveryId, result, attemptSettings)
    tellSettlement(events, result)
    return result
  })
  const options = {
    concurrency: settings.GHOSTPOST_WORKER_CONCURRENCY,
    lockMs: settings.GHOSTPOST_LOCK_MS,
    handle: async (due: DueDelivery) => consumedOf(await attempt(due)),
  }
  const consumers = lanes.map((lane) => [lane, queue.consume({ lane, ...options })] as const)
  return Object.fromEntries(consumers) as Record<Lane, Consumer>
}

function consumedOf(result: BudgetedResult): Consumed {
  if (result.kind === 'wait') return { kind: 'again', waitMs: result.waitMs }
  if (result.kind === 'released') return { kind: 'again', waitMs: 0 }
  return { kind: 'done', settlement: result.kind === 'settled' ? result.settlement : null }
}
