import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { AttemptPorts, AttemptSettings, BudgetPorts, SendRequest } from '@ghostpost/delivery/deliver'
import type { Settings } from '@ghostpost/infrastructure/config'
import {
  claimDelivery,
  claimIdPrefixOf,
  storePayload,
  recordAttempt,
  releaseClaim,
  type OnWriteError,
} from '@ghostpost/infrastructure/database/attempts'
import {
  holdWorkerLock,
  pruneExpired,
  removeHeartbeat,
  type WorkerHeartbeat,
  type WorkerLock,
} from '@ghostpost/infrastructure/database/upkeep'
import { createAccessTokens, openSender, type Sender } from '@ghostpost/infrastructure/outbound'
import { userAgent, version, type Resources } from '@ghostpost/infrastructure/process'
import { warnThrottled } from '@ghostpost/infrastructure/queue'
import { openWorkerMetrics, traceSends } from '@ghostpost/infrastructure/telemetry'
import { consumeDeliveries } from './consume/consume-deliveries.ts'
import { openDatabaseGate } from './consume/database-gate.ts'
import { observeAttempts } from './consume/observe-attempts.ts'
import { analyzeGrownTables } from './periodic/analyze-grown-tables.ts'
import { evaluateAlerts } from './periodic/evaluate-alerts.ts'
import { feedOperations } from './periodic/feed-operations.ts'
import { noteHolds } from './periodic/note-holds.ts'
import { applyLanePauses } from './periodic/apply-lane-pauses.ts'
import { recoverDeadWorkers } from './periodic/recover-dead-workers.ts'
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

/** Starts all tasks of a worker: attempts, sweep, recovery of dead workers, operations, alerts, pruning. */
export function runWorker(baseResources: Resources): RunningWorker {
  const id = randomUUID()
  const resources = { ...baseResources, log: baseResources.log.child({ worker: id }) }
  const { settings, database, log } = resources
  const worker = { id, host: hostname(), version, concurrency: settings.GHOSTPOST_WORKER_CONCURRENCY }
  let isLocked = false
  const lock = holdLock(resources, worker, (isHeld) => (isLocked = isHeld))
  const metrics = openWorkerMetrics(resources.metrics)
  const sender = openSender(settings)
  const tallies = tallyAttempts(resources)
  const stopping = new AbortController()
  const gate = openDatabaseGate(database, log, stopping.signal)
  const claimIdPrefix = claimIdPrefixOf(id)
  const ports = portsOf(resources, sender, {
    // Only claims of a worker whose lock shows that it lives name the worker.
    idPrefix: () => (isLocked ? claimIdPrefix : null),
    onError: (error) => void gate.closeOn(error),
  })
  const attemptSettings = attemptSettingsOf(settings)
  const observe = observeAttempts(resources, metrics, tallies, attemptSettings)
  const isStopping = (): boolean => stopping.signal.aborted
  const parts = { workerId: id, metrics, observe, gate, isStopping }
  const consumers = consumeDeliveries(resources, ports, attemptSettings, parts)
  const { announce } = resources.queue
  const interruptions = { ports, settings: attemptSettings, observe, announce }
  const tasks = [
    sweepOverdue(resources, metrics, interruptions),
    recoverDeadWorkers(resources, { ...interruptions, lock, consumers }),
    prunePeriodically(resources),
    analyzeGrownTables(resources),
    feedOperations(resources),
    startHeartbeat(resources, worker, lock),
    ...(settings.GHOSTPOST_HOLD ? [] : [applyLanePauses(resources, consumers)]),
    evaluateAlerts(resources),
    noteHolds(resources),
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
      // Others recover what is left.
      await removeHeartbeat(database, id).catch(() => {})
      await lock.close()
      await sender.close()
    },
  }
}

function holdLock(
  { settings, log }: Resources,
  worker: Omit<WorkerHeartbeat, 'lockKey'>,
  onChange: (isHeld: boolean) => void,
): WorkerLock {
  return holdWorkerLock({
    url: settings.DATABASE_URL,
    worker,
    onChange,
    onError: warnThrottled(log, 'the connection of the worker’s lock broke; it is opened again'),
    onPooled: () =>
      log.info(
        { event: 'lock_unavailable' },
        'a pooler is between this worker and Postgres: if it is killed, its claims end by expiry',
      ),
  })
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

interface ClaimParts {
  idPrefix: () => string | null
  onError: OnWriteError
}

function portsOf(resources: Resources, sender: Sender, claimParts: ClaimParts): AttemptPorts & BudgetPorts {
  const { onError } = claimParts
  const { database, queue, sealer, settings, budgets, tracing } = resources
  // Receivers compare the times that we sign with theirs, and the log compares times of different workers.
  const { now } = database.clock
  const send: SendRequest = async (request) => {
    const startedAt = now()
    return { ...(await sender.send(request)), startedAt }
  }
  return {
    admit: budgets.admit,
    report: budgets.report,
    claim: claimDelivery(database, sealer, settings.GHOSTPOST_CLAIM_MS, claimParts),
    storePayload: storePayload(database),
    send: traceSends(tracing, send, settings.GHOSTPOST_TRACE_RECEIVERS),
    authorize: createAccessTokens(traceSends(tracing, send, false), userAgent, undefined, now),
    record: recordAttempt(database, settings.GHOSTPOST_SWEEP_AFTER_MS, onError),
    release: releaseClaim(database, onError),
    enqueue: queue.enqueue,
    now,
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
