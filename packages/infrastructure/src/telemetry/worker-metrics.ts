import {
  laneOf,
  lanes,
  skippedCauses,
  type AttemptRecord,
  type BudgetedResult,
  type ClaimedDelivery,
  type Outcome,
  type Settlement,
} from '@ghostpost/delivery/deliver'
import { webhookTypes } from '@ghostpost/delivery/destinations'
import type { Histogram } from 'prom-client'
import { defineMetrics, exchangeBuckets, openCounter, openGauge, openHistogram } from './define-metrics.ts'
import type { Metrics } from './open-metrics.ts'

const finishedStates = ['delivered', 'failed', 'cancelled'] as const
const decisions = ['delivered', 'retry', 'give_up'] as const
const attemptPhases = ['dns', 'connect', 'tls', 'first_byte', 'total'] as const

/** Classes of outcomes: the response's status class, or why there was no response. */
const causeClasses = [
  'answered_2xx',
  'answered_3xx',
  'answered_4xx',
  'answered_429',
  'answered_5xx',
  'address_forbidden',
  'name_not_resolved',
  'lookup_not_started',
  'connection_failed',
  'tls_failed',
  'timed_out',
  'connection_lost',
  'answer_malformed',
  'interrupted',
  'visitor_gone',
  'destination_gone',
  'superseded',
  'unchanged',
  'authorization_failed',
  'proxy_failed',
] as const

export const workerMetrics = defineMetrics({
  finished: {
    kind: 'counter',
    name: 'ghostpost_deliveries_finished_total',
    help: 'Deliveries that an attempt finished.',
    labels: { type: webhookTypes, outcome: finishedStates },
  },
  attempts: {
    kind: 'counter',
    name: 'ghostpost_attempts_total',
    help: 'Attempts, by the decision and the receiver’s outcome.',
    labels: { type: webhookTypes, decision: decisions, cause_class: causeClasses },
  },
  duration: {
    kind: 'histogram',
    name: 'ghostpost_attempt_duration_seconds',
    help: 'Duration of each phase of an attempt. A reused connection has no dns, connect and tls phase.',
    labels: { type: webhookTypes, phase: attemptPhases },
    buckets: exchangeBuckets,
  },
  waited: {
    kind: 'histogram',
    name: 'ghostpost_attempt_wait_seconds',
    help: 'Time between a delivery’s due time and its claim by a worker.',
    labels: { lane: lanes },
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800],
  },
  attemptsInFlight: {
    kind: 'gauge',
    name: 'ghostpost_attempts_under_way',
    help:
      'Attempts of this worker that have begun and not ended, in all lanes; at most GHOSTPOST_WORKER_IN_FLIGHT in ' +
      'each lane.',
  },
  waits: {
    kind: 'counter',
    name: 'ghostpost_waits_total',
    help:
      'Due deliveries that a worker postponed without spending an attempt. site_share: their site uses its share of ' +
      'the attempts in flight.',
    labels: {
      because: ['breaker_open', 'throttled', 'concurrency_full', 'rate_limited', 'site_share', 'not_due'],
    },
  },
  claimsLost: {
    kind: 'counter',
    name: 'ghostpost_claims_lost_total',
    help:
      'Attempts that were not recorded because another worker had recorded them as interrupted and the delivery ' +
      'was then sent again, resent or cancelled.',
  },
  swept: {
    kind: 'counter',
    name: 'ghostpost_swept_total',
    help: 'Overdue deliveries that the queue did not have and the sweeper enqueued.',
  },
  disabled: {
    kind: 'counter',
    name: 'ghostpost_destinations_disabled_total',
    help: 'Attempts that disabled a saved destination because its receiver responded that it is gone.',
  },
  operationItems: {
    kind: 'counter',
    name: 'ghostpost_operation_items_total',
    help: 'Members of operations that an attempt settled, by the outcome in the ledger.',
    labels: { outcome: ['delivered', 'failed', 'cancelled', 'skipped'] },
  },
})

export interface WorkerMetrics {
  /** Counts the result of a due delivery. */
  observe: (result: BudgetedResult) => void
  /** Runs `work` and counts it as in flight meanwhile. */
  track: <T>(work: () => Promise<T>) => Promise<T>
  /** Counts a delivery that waits for its site's share. */
  postponed: () => void
  swept: (found: number) => void
}

/**
 * Registers the metrics of a worker. It resolves all label combinations up front, which keeps counting cheap per
 * delivery.
 */
export function openWorkerMetrics({ registry, onScrape }: Metrics): WorkerMetrics {
  const settled = openSettlementMetrics(registry)
  const waits = openCounter(registry, workerMetrics.waits)
  const claimsLost = openCounter(registry, workerMetrics.claimsLost)
  const swept = openCounter(registry, workerMetrics.swept)
  const attemptsInFlight = openGauge(registry, workerMetrics.attemptsInFlight)
  let inFlight = 0
  onScrape(async () => attemptsInFlight.set(inFlight))
  const waitCounters = mapByKey(workerMetrics.waits.labels.because, (because) => waits.labels(because))
  return {
    observe: (result) => {
      if (result.kind === 'settled') settled(result)
      if (result.kind === 'wait') waitCounters[result.because ?? 'not_due'].inc()
      if (result.kind === 'claim_lost') claimsLost.inc()
    },
    track: async (work) => {
      inFlight += 1
      try {
        return await work()
      } finally {
        inFlight -= 1
      }
    },
    postponed: () => waitCounters.site_share.inc(),
    swept: (found) => swept.inc(found),
  }
}

interface SettledAttempt {
  claim: ClaimedDelivery
  attempt: AttemptRecord
  settlement: Settlement
}

function openSettlementMetrics(registry: Metrics['registry']): (settled: SettledAttempt) => void {
  const { finished, attempts, waited, disabled, operationItems, duration } = workerMetrics
  const finishedCounter = openCounter(registry, finished)
  const finishedCounters = mapByKey(webhookTypes, (type) =>
    mapByKey(finishedStates, (state) => finishedCounter.labels(type, state)),
  )
  const attemptsCounter = openCounter(registry, attempts)
  const attemptCounters = mapByKey(webhookTypes, (type) =>
    mapByKey(decisions, (decision) =>
      mapByKey(causeClasses, (causeClass) => attemptsCounter.labels(type, decision, causeClass)),
    ),
  )
  const waitHistogram = openHistogram(registry, waited)
  const waitByLane = mapByKey(lanes, (lane) => waitHistogram.labels(lane))
  const disabledCounter = openCounter(registry, disabled)
  const items = openCounter(registry, operationItems)
  const observeDurations = openDurationMetrics(openHistogram(registry, duration))
  return ({ claim, attempt, settlement }) => {
    const { verdict } = attempt
    const { webhookType: type } = claim
    attemptCounters[type][verdict.decision][causeClassOf(attempt.outcome)].inc()
    observeDurations(claim, attempt)
    waitByLane[laneOfAttempt(claim)].observe(claim.dueForMs / 1_000)
    if (settlement.state === 'retrying') return
    finishedCounters[type][settlement.state as (typeof finishedStates)[number]].inc()
    if (verdict.decision === 'give_up' && verdict.receiverGone && claim.destinationId !== null)
      disabledCounter.inc()
    if (claim.operationId === null) return
    items.inc({ outcome: skippedCauses.has(settlement.error?.code ?? '') ? 'skipped' : settlement.state })
  }
}

/** The lane of a claimed delivery. */
export function laneOfAttempt({ attemptNumber, seriesStart, operationId }: ClaimedDelivery) {
  return laneOf(attemptNumber - 1 - seriesStart, operationId)
}

function openDurationMetrics(histogram: Histogram): (claim: ClaimedDelivery, attempt: AttemptRecord) => void {
  const histograms = mapByKey(webhookTypes, (type) =>
    mapByKey(attemptPhases, (phase) => histogram.labels(type, phase)),
  )
  return ({ webhookType }, { durationMs, trace }) => {
    // No request was made.
    if (!trace && durationMs === 0) return
    const phases = histograms[webhookType]
    phases.total.observe(durationMs / 1_000)
    if (!trace) return
    const { dnsMs, connectMs, tlsMs, firstByteMs } = trace.timings
    if (dnsMs !== null) phases.dns.observe(dnsMs / 1_000)
    if (connectMs !== null) phases.connect.observe(connectMs / 1_000)
    if (tlsMs !== null) phases.tls.observe(tlsMs / 1_000)
    if (firstByteMs !== null) phases.first_byte.observe(firstByteMs / 1_000)
  }
}

function causeClassOf(outcome: Outcome): (typeof causeClasses)[number] {
  if (outcome.kind !== 'answered') return outcome.kind
  if (outcome.status === 429) return 'answered_429'
  if (outcome.status < 300) return 'answered_2xx'
  if (outcome.status < 400) return 'answered_3xx'
  return outcome.status < 500 ? 'answered_4xx' : 'answered_5xx'
}

function mapByKey<K extends string, T>(keys: readonly K[], make: (key: K) => T): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, T>
}
