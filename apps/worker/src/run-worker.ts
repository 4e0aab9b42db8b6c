import { randomUUID } from 'node:crypto'
import type { AttemptPorts, AttemptSettings, BudgetPorts } from '@ghostpost/delivery/deliver'
import type { Settings } from '@ghostpost/infrastructure/config'
import {
  claimDelivery,
  storePayload,
  recordAttempt,
  releaseClaim,
} from '@ghostpost/infrastructure/database/attempts'
import { pruneExpired } from '@ghostpost/infrastructure/database/upkeep'
import { createAccessTokens, openSender, type Sender } from '@ghostpost/infrastructure/outbound'
import { userAgent, type Resources } from '@ghostpost/infrastructure/process'
import { openWorkerMetrics, traceSends } from '@ghostpost/infrastructure/telemetry'
import { consumeDeliveries } from './consume/consume-deliveries.ts'
import { openDatabaseGate } from './consume/database-gate.ts'
import { evaluateAlerts } from './periodic/evaluate-alerts.ts'
import { feedOperations } from './periodic/feed-operations.ts'
import { applyLanePauses } from './periodic/apply-lane-pauses.ts'
import { repeatEvery, type PeriodicTask } from './periodic/repeat-every.ts'
import { sendEmails } from './periodic/send-emails.ts'
import { sweepOverdue } from './periodic/sweep-overdue.ts'
import { tallyAttempts } from './consume/tally-attempts.ts'
import { startHeartbeat } from './periodic/heartbeat.ts'

const pruneIntervalMs = 3_600_000

export interface RunningWorker {
  /** Stops taking jobs; finishes or releases running ones within `timeoutMs`. */
  stop: (timeoutMs: number) => Promise<void>
}

/** Starts all tasks of a worker: attempts, sweep, operations, alerts, pruning. */
export function runWorker(baseResources: Resources): RunningWorker {
  const id = randomUUID()
  const resources = { ...baseResources, log: baseResources.log.child({ worker: id }) }
  const { settings, database, log } = resources
  const metrics = openWorkerMetrics(resources.metrics)
  const sender = openSender(settings)
  const tallies = tallyAttempts(resources)
  const stopping = new AbortController()
  const consumers = consumeDeliveries(
    resources,
    { metrics, tallies },
    portsOf(resources, sender),
    attemptSettingsOf(settings),
    openDatabaseGate(database, log, stopping.signal),
    () => stopping.signal.aborted,
  )
  const tasks = [
    sweepOverdue(resources, metrics),
    prunePeriodically(resources),
    feedOperations(resources),
    startHeartbeat(resources, id),
    applyLanePauses(resources, consumers),
    evaluateAlerts(resources),
    sendEmails(resources),
  ]
  return {
    stop: async (timeoutMs) => {
      stopping.abort()
      await Promise.all([
        ...tasks.map((one) => one.stop()),
        ...Object.values(consumers).map((consumer) => consumer.stop(timeoutMs)),
      ])
      // Stopped after the last attempt, so that it is counted.
      await tallies.stop()
      await sender.close()
    },
  }
}

function prunePeriodically({ database, settings, log }: Resources): PeriodicTask {
  const retentionDays = {
    bodies: settings.GHOSTPOST_KEEP_BODIES_DAYS,
    deliveries: settings.GHOSTPOST_KEEP_DELIVERIES_DAYS,
    audit: settings.GHOSTPOST_KEEP_AUDIT_DAYS,
  }
  return repeatEvery('prune', pruneIntervalMs, log, async (stop) => {
    const removed = await pruneExpired(database, retentionDays, stop)
    if (Object.keys(removed).length > 0) log.info({ event: 'pruned', removed }, 'pruned expired rows')
  })
}

function portsOf(resources: Resources, sender: Sender): AttemptPorts & BudgetPorts {
  const { database, queue, sealer, settings, budgets, tracing } = resources
  return {
    admit: budgets.admit,
    report: budgets.report,
    claim: claimDelivery(database, sealer, settings.GHOSTPOST_CLAIM_MS),
    storePayload: storePayload(database),
    send: traceSends(tracing, sender.send, settings.GHOSTPOST_TRACE_RECEIVERS),
    authorize: createAccessTokens(traceSends(tracing, sender.send, false), userAgent),
    record: recordAttempt(database, settings.GHOSTPOST_SWEEP_AFTER_MS),
    release: releaseClaim(database),
    enqueue: queue.enqueue,
    now: () => new Date(),
    random: Math.random,
  }
}

function attemptSettingsOf(settings: Settings): AttemptSettings {
  return {
    retryScheduleMs: settings.retryScheduleMs,
    repeatUnknownOutcomes: settings.GHOSTPOST_REPEAT_UNKNOWN_OUTCOMES,
    attemptTimeoutMs: settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS,
    claimMs: settings.GHOSTPOST_CLAIM_MS,
    publicUrl: settings.GHOSTPOST_PUBLIC_URL,
    userAgent,
  }
}
