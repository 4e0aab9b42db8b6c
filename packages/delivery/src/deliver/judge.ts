import type { Destination } from '../destinations/destination.ts'
import { judgeAuthorization } from '../destinations/judge-authorization.ts'
import { judgeProxyFailure } from '../destinations/judge-proxy-failure.ts'
import { describeOutcome, type NoResponse } from './describe-outcome.ts'
import { isOutcomeUnknown, type Outcome } from './outcome.ts'
import type { Failure, GiveUp, Verdict } from './verdict.ts'

export interface JudgeSettings {
  /** Repeat a request of unknown outcome even if the receiver would show the repeat. */
  repeatUnknownOutcomes: boolean
  /** An earlier attempt of the delivery may have succeeded although no response came. */
  mayBeRepeat?: boolean
  now: Date
}

/** No later attempt could have another outcome. */
const finalKinds: ReadonlySet<Outcome['kind']> = new Set([
  'address_forbidden',
  'visitor_gone',
  'destination_gone',
  'superseded',
])

/** Judges an outcome for a destination: delivered, retry, or give up. */
export function judge(outcome: Outcome, destination: Destination, settings: JudgeSettings): Verdict {
  if (outcome.kind === 'answered') {
    const verdict = destination.judgeResponse(outcome, settings.now)
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

/** Every destination type shares the cause of a 409. */
function isDuplicateRefusal(verdict: Verdict, { traits }: Destination): boolean {
  if (verdict.decision !== 'give_up') return false
  const { cause } = verdict.failure
  return cause === 'conflict' || traits.duplicateCauses.includes(cause)
}

/**
 * A receiver that never updates refuses a record that it got from an earlier attempt in the same way as one that it had
 * before. So neither "delivered" nor "refused" is certain.
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
