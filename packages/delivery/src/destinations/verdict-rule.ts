import { retryAfterMaxMs } from '../deliver/retry-schedule.ts'
import type { Delivered, GiveUp, Retry } from '../deliver/verdict.ts'

/** One row of a destination's verdict table: what an answer means and what follows from it. */
export interface VerdictRule {
  decision: 'retry' | 'give_up' | 'receiver_gone'
  cause: string
  message: string
  remedy: string
}

/** The shape ids have everywhere we deliver to; anything else in a body is no receipt. */
const receiptShape = /^[\w-]{1,64}$/

/** The verdict a ruling stands for. `retryAfterMs` is clamped to 0 … 24 h and used only where a retry follows. */
export function verdictOf(rule: VerdictRule, retryAfterMs: number | null = null): Retry | GiveUp {
  const { decision, cause, message, remedy } = rule
  const failure = { cause, message, remedy, outcomeUnknown: false }
  if (decision === 'retry') return { decision: 'retry', failure, retryAfterMs: clamp(retryAfterMs) }
  return { decision: 'give_up', failure, receiverGone: decision === 'receiver_gone' }
}

/** Delivered. Takes any JSON value as receipt and keeps it only if it is an id. */
export function delivered(receipt: unknown = null): Delivered {
  return {
    decision: 'delivered',
    receipt: typeof receipt === 'string' && receiptShape.test(receipt) ? receipt : null,
  }
}

function clamp(ms: number | null): number | null {
  return ms === null || Number.isNaN(ms) ? null : Math.ceil(Math.min(Math.max(ms, 0), retryAfterMaxMs))
}
