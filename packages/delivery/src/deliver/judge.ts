import { describeOutcome, type NoResponse } from './describe-outcome.ts'
import type { Destination } from '../destinations/destination.ts'
import { judgeAuthorization } from '../destinations/judge-authorization.ts'
import { judgeProxyFailure } from '../destinations/judge-proxy-failure.ts'
import { isOutcomeUnknown, type Outcome } from './outcome.ts'
import type { Failure, GiveUp, Verdict } from './verdict.ts'

export interface JudgeSettings {
  /** Repeat a request with unknown outcome even if the receiver shows the repeat (see the trait `repeatable`). */
  repeatUnknownOutcomes: boolean
  /** An earlier attempt of the same delivery had an unknown outcome: the receiver may already have the payload. */
  mayBeRepeat?: boolean
  /** The URL of the request that has this outcome. */
  requestUrl?: URL | undefined
  now: Date
}

/** Another attempt would have the same outcome. */
const finalKinds: ReadonlySet<Outcome['kind']> = new Set([
  'address_forbidden',
  'visitor_gone',
  'destination_gone',
  'superseded',
  'unchanged',
])

/**
 * Decides what an outcome means: delivered, retry or give up. Only this function and the destination it calls decide
 * whether a delivery is retried.
 */
export function judge(outcome: Outcome, destination: Destination, settings: JudgeSettings): Verdict {
  if (outcome.kind === 'answered') {
    const verdict = destination.judgeResponse(outcome, settings.now, settings.requestUrl)
    return settings.mayBeRepeat && isDuplicateRefusal(verdict, destination) ? repeatRefused : verdict
  }
  if (outcome.kind === 'authorization_failed') return judgeAuthorization(outcome.failure, settings.now)
  if (outcome.kind === 'proxy_failed') return judgeProxyFailure(outcome)
  const failure = failureOf(outcome)
  if (finalKinds.has(outcome.kind)) {
    return { decision: 'give_up', failure, receiverGone: false }
  }
  if (failure.outcomeUnknown && !destination.traits.repeatable && !settings.repeatUnknownOutcomes) {
    return { decision: 'give_up', failure: withCheckRemedy(failure), receiverGone: false }
  }
  return { decision: 'retry', failure, retryAfterMs: null }
}

/** A 409 has the same cause for every destination type. */
function isDuplicateRefusal(verdict: Verdict, { traits }: Destination): boolean {
  if (verdict.decision !== 'give_up') return false
  const { cause } = verdict.failure
  return cause === 'conflict' || traits.duplicateCauses.includes(cause)
}

/**
 * A receiver that creates records and never updates them refuses a repeat and a foreign duplicate with the same
 * response. So neither "delivered" nor "refused" is certain.
 */
const repeatRefused: GiveUp = {
  decision: 'give_up',
  receiverGone: false,
  failure: {
    cause: 'repeat_refused',
    message:
      'The receiver already has this record. An earlier attempt may have created it without a response.',
    remedy: 'Check whether the record is there and up to date. If it is, nothing needs to be done.',
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
      'This destination shows a repeated message twice. ' +
      'Check whether the message arrived; if it did not, export again.',
  }
}
