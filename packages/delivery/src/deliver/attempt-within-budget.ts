import {
  attemptDelivery,
  type AttemptPorts,
  type AttemptResult,
  type AttemptSettings,
} from './attempt-delivery.ts'
import type { AttemptRecord } from './ports.ts'
import type { Admission, BudgetReport, BudgetWaitReason } from '../receivers/receiver-budget.ts'

/** A delivery whose bell rang, with the key of its receiver's budget. */
export interface DueDelivery {
  deliveryId: string
  budget: string
  /** The trace whoever rang was part of, as a `traceparent`. */
  trace?: string
}

export interface BudgetPorts {
  /** Takes a place for one request; it is given back by `report`, or by itself when this worker dies. */
  admit: (due: DueDelivery) => Promise<Admission>
  /** Gives the place back, in its own time, with what the request showed. Never throws. */
  report: (due: DueDelivery, report: BudgetReport) => void
}

export type BudgetedResult = Exclude<AttemptResult, { kind: 'wait' }> | WaitResult

interface WaitResult {
  kind: 'wait'
  waitMs: number
  /** Null when the delivery itself is not due, or held by another worker. */
  because: BudgetWaitReason | null
}

/** Attempts a delivery once its receiver has room for it; waiting for that spends no attempt. */
export async function attemptWithinBudget(
  due: DueDelivery,
  ports: AttemptPorts & BudgetPorts,
  settings: AttemptSettings,
  isStopping: () => boolean = () => false,
): Promise<BudgetedResult> {
  const admission = await ports.admit(due)
  if (admission.kind === 'wait') return admission
  let report: BudgetReport = { kind: 'unused' }
  try {
    const result = await attemptDelivery(due.deliveryId, ports, settings, isStopping)
    if (result.kind === 'settled') report = budgetReportOf(result.attempt)
    return result.kind === 'wait' ? { ...result, because: null } : result
  } finally {
    ports.report(due, report)
  }
}

/** What an attempt showed of its receiver. An answer that refuses this one request still shows that it is there. */
export function budgetReportOf({ outcome, verdict, durationMs }: AttemptRecord): BudgetReport {
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
    // Its receiver cannot be written to while its token endpoint fails; what that refuses says nothing of a receiver.
    case 'authorization_failed':
      return { kind: verdict.decision === 'retry' ? 'failed' : 'unused' }
    // A proxy says nothing of the receiver behind it that could be believed: a 502 is also what it says when it is ill.
    case 'proxy_failed':
    case 'address_forbidden':
    case 'interrupted':
    case 'visitor_gone':
    case 'destination_gone':
    case 'superseded':
      return { kind: 'unused' }
  }
}
