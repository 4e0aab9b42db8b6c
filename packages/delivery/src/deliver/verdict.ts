import { describeOutcome, type NoResponse } from './describe-outcome.ts'
import type { Destination } from '../destinations/destination.ts'
import { judgeAuthorization } from '../destinations/judge-authorization.ts'
import { judgeProxyFailure } from '../destinations/judge-proxy-failure.ts'
import { isOutcomeUnknown, type Outcome } from './outcome.ts'

/** What an attempt means. Only this file and the destination it asks decide whether a delivery is retried. */
export type Verdict = Delivered | Retry | GiveUp

export interface Delivered {
  decision: 'delivered'
  /** What the destination gave back to find the record again (a message or record id), where it gives one. */
  receipt: string | null
}

export interface Retry {
  decision: 'retry'
  failure: Failure
  /** How long the receiver asked us to wait, clamped to 0 … 24 h; null when it did not say. */
  retryAfterMs: number | null
}

export interface GiveUp {
  decision: 'give_up'
  failure: Failure
  /** The receiver said it is gone for good: the saved destination is to be disabled. */
  receiverGone: boolean
}

export interface Failure {
  /** Stable code; failures are grouped by it. */
  cause: string
  /** One sentence for a person. Never holds the receiver's URL or a secret. */
  message: string
  /** What to do about it; where nobody need do anything, that it is tried again. */
  remedy: string
  /** The receiver may have acted on the request. */
  outcomeUnknown: boolean
}

export interface JudgeSettings {
  /** Repeat a request with unknown outcome even where the destination cannot recognise a repeat (Slack, Discord). */
  repeatUnknownOutcomes: boolean
  /** An earlier attempt of the same delivery may have been taken although no answer came. */
  mayBeRepeat?: boolean
  now: Date
}

/** No later attempt could end otherwise. */
const finalKinds: ReadonlySet<Outcome['kind']> = new Set([
  'address_forbidden',
  'visitor_gone',
  'destination_gone',
  'superseded',
])

/** Says what an outcome means for a destination: delivered, retry, or give up because. */
export function judge(outcome: Outcome, destination: Destination, settings: JudgeSettings): Verdict {
  if (outcome.kind === 'answered') {
    const verdict = destination.judgeResponse(outcome, settings.now)
    return settings.mayBeRepeat && isDuplicateRefusal(verdict) ? repeatRefused : verdict
  }
  if (outcome.kind === 'authorization_failed') return judgeAuthorization(outcome.failure, settings.now)
  if (outcome.kind === 'proxy_failed') return judgeProxyFailure(outcome)
  const failure = failureOf(outcome)
  if (finalKinds.has(outcome.kind)) {
    return { decision: 'give_up', failure, receiverGone: false }
  }
  if (failure.outcomeUnknown && !destination.repeatable && !settings.repeatUnknownOutcomes) {
    return { decision: 'give_up', failure: withCheckRemedy(failure), receiverGone: false }
  }
  return { decision: 'retry', failure, retryAfterMs: null }
}

/** By which a receiver says that it has already what it is sent. */
const duplicateCauses: ReadonlySet<string> = new Set([
  'conflict',
  'hubspot_contact_exists',
  'salesforce_duplicate',
])

function isDuplicateRefusal(verdict: Verdict): boolean {
  return verdict.decision === 'give_up' && duplicateCauses.has(verdict.failure.cause)
}

/**
 * A receiver that creates and never updates refuses a repeat of what it has taken with the same words as what it had
 * before. Neither "delivered" nor "refused" would be true.
 */
const repeatRefused: GiveUp = {
  decision: 'give_up',
  receiverGone: false,
  failure: {
    cause: 'repeat_refused',
    message: 'The receiver has this already, perhaps from an earlier attempt whose answer did not arrive.',
    remedy: 'Look whether the record is there and up to date: then nothing is to be done.',
    outcomeUnknown: true,
  },
}

function failureOf(outcome: NoResponse): Failure {
  const [message, remedy] = describeOutcome(outcome)
  return { cause: outcome.kind, message, remedy, outcomeUnknown: isOutcomeUnknown(outcome) }
}

function withCheckRemedy(failure: Failure): Failure {
  return {
    ...failure,
    remedy:
      'This destination would show a repeat twice. Check whether the message arrived; if it did not, export again.',
  }
}
