import {
  attemptDelivery,
  type AttemptPorts,
  type AttemptResult,
  type AttemptSettings,
} from './attempt-delivery.ts'
import type { AttemptRecord } from './ports.ts'
import type { Admission, BudgetReport, BudgetWaitReason } from '../receivers/receiver-budget.ts'

/** A job as a worker receives it. */
export interface DeliveryJob {
  deliveryId: string
  /** Key of its receiver's budget. */
  budget: string
  /** The attempt does not wait for the receiver's circuit breaker. */
  probe?: boolean
  /** The trace that enqueued the job, as a `traceparent`. */
  trace?: string
}

export interface BudgetPorts {
  /** Takes a slot for one request. `report` frees the slot; it expires by itself when this worker dies. */
  admit: (job: DeliveryJob) => Promise<Admission>
  /** Frees the slot and reports the result, in the background. Never throws. */
  report: (job: DeliveryJob, report: BudgetReport) => void
}

export type BudgetedResult = Exclude<AttemptResult, { kind: 'wait' }> | WaitResult

interface WaitResult {
  kind: 'wait'
  waitMs: number
  /** Null when the delivery is not due, is paused, or is claimed by another worker. */
  because: BudgetWaitReason | null
  /** The time between two requests that the receiver can take; 0 when unknown. */
  everyMs: number
}

/** Attempts a delivery if its receiver's budget has a free slot. Waiting for the budget spends no attempt. */
export async function attemptWithinBudget(
  job: DeliveryJob,
  ports: AttemptPorts & BudgetPorts,
  settings: AttemptSettings,
  isStopping: () => boolean = () => false,
): Promise<BudgetedResult> {
  const admission = await ports.admit(job)
  if (admission.kind === 'wait') return admission
  let report: BudgetReport = { kind: 'unused' }
  try {
    const result = await attemptDelivery(job.deliveryId, ports, settings, isStopping)
    if (result.kind === 'settled') report = budgetReportOf(result.attempt)
    return result.kind === 'wait' ? { ...result, because: null, everyMs: 0 } : result
  } finally {
    ports.report(job, report)
  }
}

/**
 * What an attempt shows about its receiver. A response that refuses the request still shows that the receiver is up.
 */
export function budgetReportOf(attempt: AttemptRecord): BudgetReport {
  const report = reportOf(attempt)
  const { requests = 1, pauseMs = 0 } = attempt
  if (report.kind === 'unused' || (requests === 1 && pauseMs === 0)) return report
  return { ...report, furtherRequests: requests - 1, pauseMs }
}

function reportOf({ outcome, verdict, durationMs }: AttemptRecord): BudgetReport {
  switch (outcome.kind) {
    case 'answered':
      if (verdict.decision !== 'retry') return { kind: 'answered', durationMs }
      if (outcome.status === 429 || verdict.retryAfterMs !== null)
        return { kind: 'throttled', retryAfterMs: verdict.retryAfterMs }
      return outcome.status >= 500 ? { kind: 'failed' } : { kind: 'answered', durationMs }
    case 'name_not_resolved':
    case 'connection_failed':
    case 'tls_failed':
    case 'timed_out':
    case 'connection_lost':
    case 'answer_malformed':
      return { kind: 'failed' }
    // While the token endpoint fails, the receiver cannot be used. A refusal there says nothing about the receiver.
    case 'authorization_failed':
      return { kind: verdict.decision === 'retry' ? 'failed' : 'unused' }
    // No look-up was begun for the receiver's name.
    case 'lookup_not_started':
    // A proxy's response says nothing certain about the receiver: a faulty proxy also responds with 502.
    case 'proxy_failed':
    case 'address_forbidden':
    case 'interrupted':
    case 'visitor_gone':
    case 'destination_gone':
    case 'superseded':
    case 'unchanged':
      return { kind: 'unused' }
  }
}
