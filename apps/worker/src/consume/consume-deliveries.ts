import {
  attemptWithinBudget,
  lanes,
  type AccessRequest,
  type AttemptPorts,
  type AttemptSettings,
  type BudgetedResult,
  type BudgetPorts,
  type DeliveryJob,
  type Lane,
  type OutboundRequest,
} from '@ghostpost/delivery/deliver'
import type { WhileIdle } from '@ghostpost/delivery/sharing'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { ConsumeOptions, ConsumeResult, Consumer } from '@ghostpost/infrastructure/queue'
import { traceAttempts, type WorkerMetrics } from '@ghostpost/infrastructure/telemetry'
import type { DatabaseGate } from './database-gate.ts'

const retryNow: ConsumeResult = { kind: 'again', waitMs: 0, because: 'not_due' }
/** For a job that was taken before its consumer was paused. */
const whileHeld: ConsumeResult = { kind: 'again', waitMs: 60_000, because: 'not_due' }

interface ConsumeParts {
  workerId: string
  metrics: WorkerMetrics
  /** Logs and counts the result of an attempt. */
  observe: (deliveryId: string, result: BudgetedResult) => void
  gate: DatabaseGate
  isStopping: () => boolean
}

/**
 * Takes jobs from every lane and attempts their deliveries. Waits while the database is unavailable. While the
 * installation is held, no delivery is attempted.
 */
export function consumeDeliveries(
  { queue, settings, tracing }: Resources,
  ports: AttemptPorts & BudgetPorts,
  attemptSettings: AttemptSettings,
  { workerId, metrics, observe, gate, isStopping }: ConsumeParts,
): Record<Lane, Consumer> {
  const attempt = traceAttempts(
    tracing,
    async (job: DeliveryJob, whileIdle: WhileIdle, onAdmitted: () => void) => {
      const jobPorts = {
        ...ports,
        admit: async () => {
          const admission = await ports.admit(job)
          if (admission.kind === 'admitted') onAdmitted()
          return admission
        },
        send: (request: OutboundRequest) => whileIdle(() => ports.send(request)),
        authorize: (request: AccessRequest) => whileIdle(() => ports.authorize(request)),
      }
      const result = await metrics.track(() =>
        attemptWithinBudget(job, jobPorts, attemptSettings, isStopping),
      )
      observe(job.deliveryId, result)
      return result
    },
  )
  const { GHOSTPOST_HOLD: isHeld } = settings
  const handle: ConsumeOptions['handle'] = async (job, ...callbacks) => {
    if (isHeld) return whileHeld
    await gate.waitUntilOpen()
    if (isStopping()) return retryNow
    try {
      return consumedOf(await attempt(job, ...callbacks))
    } catch (error) {
      if (gate.closeOn(error)) return retryNow
      throw error
    }
  }
  const options = {
    workerId,
    concurrency: settings.GHOSTPOST_WORKER_CONCURRENCY,
    inFlight: settings.GHOSTPOST_WORKER_IN_FLIGHT,
    lockMs: settings.GHOSTPOST_LOCK_MS,
    onPostponed: metrics.postponed,
    handle,
  }
  const consumers = lanes.map((lane) => [lane, queue.consume({ lane, ...options })] as const)
  if (isHeld) for (const [, consumer] of consumers) consumer.pause().catch(() => {})
  return Object.fromEntries(consumers) as Record<Lane, Consumer>
}

function consumedOf(result: BudgetedResult): ConsumeResult {
  if (result.kind === 'wait')
    return {
      kind: 'again',
      waitMs: result.waitMs,
      because: result.because ?? 'not_due',
      everyMs: result.everyMs,
    }
  if (result.kind === 'released') return retryNow
  return { kind: 'done', settlement: result.kind === 'settled' ? result.settlement : null }
}
