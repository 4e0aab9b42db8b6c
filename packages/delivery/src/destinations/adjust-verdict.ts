import type { Verdict } from '../deliver/verdict.ts'
import { verdictOf, type VerdictRule } from './verdict-rule.ts'

/** What a cause means in a CRM mode where that differs from the plain mode, part by part. */
export type Adjustments = Readonly<Record<string, Partial<VerdictRule>>>

/** A verdict of the plain mode, with what is different in a CRM mode. */
export function adjustVerdict(verdict: Verdict, adjustments: Adjustments): Verdict {
  if (verdict.decision === 'delivered' || !Object.hasOwn(adjustments, verdict.failure.cause)) return verdict
  const { cause, message, remedy } = verdict.failure
  const rule: VerdictRule = { decision: verdict.decision, cause, message, remedy, ...adjustments[cause] }
  return verdictOf(rule, verdict.decision === 'retry' ? verdict.retryAfterMs : null)
}
