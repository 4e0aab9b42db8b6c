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
import type { Consumed, Consumer } from '@ghostpost/infrastructure/queue'
import { traceAttempts, type WorkerMetrics } from '@ghostpost/infrastructure/telemetry'
import type { DatabaseGate } from './database-gate.ts'
import { reportAttempt } from './report-attempt.ts'
import type { AttemptTallies } from './tally-attempts.ts'
import { tellSettlement } from './tell-settlement.ts'

const again: Consumed = { kind: 'again', waitMs: 0 }

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
    reportAttempt(log, due.deliveryId, result, attemptSettings)
    tallies.note(result)
    tellSettlement(events, result)
    return result
  })
  const handle = async (due: DueDelivery): Promise<Consumed> => {
    await gate.pass()
    if (isStopping()) return again
    try {
      return consumedOf(await attempt(due))
    } catch (error) {
      if (gate.isShutBy(error)) return again
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

function consumedOf(result: BudgetedResult): Consumed {
  if (result.kind === 'wait') return { kind: 'again', waitMs: result.waitMs }
  if (result.kind === 'released') return again
  return { kind: 'done', settlement: result.kind === 'settled' ? result.settlement : null }
}
