import { retryAfterMaxMs } from '../deliver/retry-after.ts'
import type { Delivered, GiveUp, Retry, Verdict } from '../deliver/verdict.ts'

/** One row of a destination's verdict table. */
export interface VerdictRule {
  decision: 'retry' | 'give_up' | 'receiver_gone'
  cause: string
  message: string
  remedy: string
  /** The receiver may have acted on the request. */
  outcomeUnknown?: boolean
}

/** The shape of ids of every tool. Any other text in a body is no receipt. */
const receiptShape = /^[\w-]{1,64}$/

/** The verdict of a rule. `retryAfterMs` is clamped to 0 … 24 h, and ignored unless the decision is retry. */
export function verdictOf(rule: VerdictRule, retryAfterMs: number | null = null): Retry | GiveUp {
  const { decision, cause, message, remedy, outcomeUnknown = false } = rule
  const failure = { cause, message, remedy, outcomeUnknown }
  if (decision === 'retry') return { decision: 'retry', failure, retryAfterMs: clamp(retryAfterMs) }
  return { decision: 'give_up', failure, receiverGone: decision === 'receiver_gone' }
}

/** Delivered. Accepts any JSON value as receipt and stores it only if it has the shape of an id. */
export function delivered(receipt: unknown = null): Delivered {
  return {
    decision: 'delivered',
    receipt: typeof receipt === 'string' && receiptShape.test(receipt) ? receipt : null,
  }
}

/** A success of which the receiver does not say what it did. An upsert may be repeated. */
export const unreadableResponse: VerdictRule = {
  decision: 'retry',
  cause: 'answer_unreadable',
  message: 'The receiver responded with success, but the response does not name the record that it wrote.',
  remedy:
    'The system retries by itself, which updates a record that was created. If this persists, read the response, ' +
    "check the URL, and check the tool's status page.",
}

function clamp(ms: number | null): number | null {
  return ms === null || Number.isNaN(ms) ? null : Math.ceil(Math.min(Math.max(ms, 0), retryAfterMaxMs))
}

/** By cause of the plain mode: the parts of the rule that differ in CRM mode. */
export type Adjustments = Readonly<Record<string, Partial<VerdictRule>>>

/** A verdict of the plain mode with the differences of CRM mode applied. */
export function adjustVerdict(verdict: Verdict, adjustments: Adjustments): Verdict {
  if (verdict.decision === 'delivered' || !Object.hasOwn(adjustments, verdict.failure.cause)) return verdict
  const { cause } = verdict.failure
  const rule: VerdictRule = { decision: verdict.decision, ...verdict.failure, ...adjustments[cause] }
  return verdictOf(rule, verdict.decision === 'retry' ? verdict.retryAfterMs : null)
}
