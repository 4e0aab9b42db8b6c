import { isSecretField, type Credentials } from '../destinations/credentials.ts'
import { openSecretMask, type SecretMask } from '../receivers/mask-response.ts'
import type { Outcome } from './outcome.ts'
import type { ClaimTarget, SendResult } from './ports.ts'
import type { Failure, Verdict } from './verdict.ts'

/** Masks what a response may repeat of a target: its path, its query, header values, keys and credentials. */
export function maskOf({ url, headers, signingSecrets, credentials }: ClaimTarget): SecretMask {
  return openSecretMask({ url, headers, others: [...signingSecrets, ...secretsIn(credentials)] })
}

function secretsIn(credentials: Credentials | null): string[] {
  return Object.entries(credentials ?? {}).flatMap(([name, value]) =>
    isSecretField(name) && typeof value === 'string' ? [value] : [],
  )
}

/**
 * Judges what a receiver sent, and masks the target's secrets in it and in the texts of the verdict, before either is
 * stored or shown. Codes and decisions come from the response as it was.
 */
export function judgeMasked(
  sent: SendResult,
  target: ClaimTarget | null,
  judgeOutcome: (outcome: Outcome) => Verdict,
): { sent: SendResult; verdict: Verdict } {
  const { outcome } = sent
  const verdict = judgeOutcome(outcome)
  if (outcome.kind !== 'answered' || target === null) return { sent, verdict }
  const mask = maskOf(target)
  const shown = mask.response(outcome)
  if (shown === outcome) return { sent, verdict }
  return { sent: { ...sent, outcome: shown }, verdict: maskVerdict(verdict, judgeOutcome(shown), mask) }
}

function maskVerdict(verdict: Verdict, shown: Verdict, mask: SecretMask): Verdict {
  if (verdict.decision === 'delivered')
    return { ...verdict, receipt: verdict.receipt === null ? null : mask.text(verdict.receipt) }
  const { failure } = verdict
  // A text that was clipped before it is masked may end inside a secret, so the one of the masked response is better.
  const isSame = shown.decision !== 'delivered' && shown.failure.cause === failure.cause
  return {
    ...verdict,
    failure: isSame ? { ...failure, ...textsOf(shown.failure) } : maskTexts(failure, mask),
  }
}

function textsOf({ message, remedy }: Failure): Pick<Failure, 'message' | 'remedy'> {
  return { message, remedy }
}

function maskTexts(failure: Failure, mask: SecretMask): Failure {
  return { ...failure, message: mask.text(failure.message, true), remedy: mask.text(failure.remedy, true) }
}
