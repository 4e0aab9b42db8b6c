import type { AttemptRecord, Failure, Outcome } from '@ghostpost/delivery/deliver'
import type { AttemptEnd } from '../steps.ts'

const dayMs = 86_400_000

/** The record of an attempt that ends like this. */
export function attemptRecordOf(end: AttemptEnd): AttemptRecord {
  const isUnknown = end.to !== 'delivered' && end.unknown
  return recordOf(outcomeOf(end, isUnknown), end, isUnknown)
}

/** The record of an attempt whose worker neither recorded nor released its claim. */
export function interruptedRecordOf(end: AttemptEnd): AttemptRecord {
  return recordOf({ kind: 'interrupted' }, end, true)
}

function recordOf(outcome: Outcome, end: AttemptEnd, isUnknown: boolean): AttemptRecord {
  return { outcome, startedAt: new Date(), durationMs: 1, payload: null, ...decisionOf(end, isUnknown) }
}

function outcomeOf(end: AttemptEnd, isUnknown: boolean): Outcome {
  if (isUnknown) return { kind: 'timed_out', phase: 'answer', timeoutMs: 1_000 } as unknown as Outcome
  return {
    kind: 'answered',
    status: end.to === 'delivered' ? 200 : 503,
    headers: {},
    body: '',
    bodyBytes: 0,
    bodyEnd: 'complete',
  }
}

function decisionOf(end: AttemptEnd, outcomeUnknown: boolean): Pick<AttemptRecord, 'verdict' | 'next'> {
  if (end.to === 'delivered') {
    return { verdict: { decision: 'delivered', receipt: null }, next: { state: 'delivered' } }
  }
  const failure: Failure = { cause: 'receiver_error', message: 'It failed.', remedy: 'None.', outcomeUnknown }
  if (end.to === 'failed') {
    return { verdict: { decision: 'give_up', failure, receiverGone: false }, next: { state: 'failed' } }
  }
  return {
    verdict: { decision: 'retry', failure, retryAfterMs: null },
    next: { state: 'retrying', delayMs: end.days * dayMs, because: 'schedule' },
  }
}
