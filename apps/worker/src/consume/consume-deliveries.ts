import {
  attemptWithinBudget,
  lanes,
  type AttemptPorts,
  type AttemptSettings,
  type BudgetedResult,
  type BudgetPorts,
  type DueDelivery,
  type Lane,
} from '@ghostpost/delivery/deliver'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { ConsumeResult, Consumer } from '@ghostpost/infrastructure/queue'
import { traceAttempts, type WorkerMetrics } from '@ghostpost/infrastructure/telemetry'
import type { DatabaseGate } from './database-gate.ts'
import { logAttempt } from './log-attempt.ts'
import type { AttemptTallies } from './tally-attempts.ts'
import { publishSettlement } from './publish-settlement.ts'

const retryNow: ConsumeResult = { kind: 'again', waitMs: 0 }

/** What counts attempts. */
interface Observers {
  metrics: WorkerMetrics
  tallies: AttemptTallies
}

/** Takes due deliveries from every lane and attempts them, while the database is there. */
export function consumeDeliveries(
  { queue, settings, log, events, tracing }: Resources,
  { metrics, tallies }: Observers,
  ports: AttemptPorts & BudgetPorts,
  attemptSettings: AttemptSettings,
  gate: DatabaseGate,
  isStopping: () => boolean,
): Record<Lane, Consumer> {
  const attempt = traceAttempts(tracing, async (due: DueDelivery) => {
    const result = await metrics.track(() => attemptWithinBudget(due, ports, attemptSettings, isStopping))
    metrics.observe(result)
    logAttempt(log, due.deliveryId, result, attemptSettings)
    tallies.count(result)
    publishSettlement(events, result)
    return result
  })
  const handle = async (due: DueDelivery): Promise<ConsumeResult> => {
    await gate.waitUntilOpen()
    if (isStopping()) return retryNow
    try {
      return consumedOf(await attempt(due))
    } catch (error) {
      if (gate.closeOn(error)) return retryNow
      throw error
    }
  }
  const options = {
    concurrency: settings.GHOSTPOST_WORKER_CONCURRENCY,
    lockMs: settings.GHOSTPOST_LOCK_MS,
    handle,
  }
  const consumers = lanes.map((lane) => [lane, queue.consume({ lane, ...options })] as const)
  return Object.fromEntries(consumers) as Record<Lane, Consumer>
}

function consumedOf(result: BudgetedResult): ConsumeResult {
  if (result.kind === 'wait') return { kind: 'again', waitMs: result.waitMs }
  if (result.kind === 'released') return retryNow
  return { kind: 'done', settlement: result.kind === 'settled' ? result.settlement : null }
}
