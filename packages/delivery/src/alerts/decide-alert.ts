import type { AlertState } from './alert-rule.ts'
import type { AlertEvaluation } from './judge-alert.ts'

/** Where a rule stands, and what people know of it. */
export interface AlertRuleState {
  state: AlertState
  /** People were told that it fires. */
  notified: boolean
  /** When they were last told so, of this or of an earlier time; null for never. */
  notifiedAt: Date | null
  /** What it was told of, where that can be told apart. */
  notifiedSubjects: readonly string[]
}

export interface AlertDecision {
  ruleState: AlertRuleState
  /** What is to be told now. */
  notify: 'firing' | 'resolved' | null
}

/**
 * Moves a rule on: `ok → firing → resolved → firing …`. That it fires is told once, and once more for what has joined
 * meanwhile; within the cooldown nothing is told, and what still fires after it is. That it is over is told only to
 * those who know that it began.
 */
export function decideAlert(
  ruleState: AlertRuleState,
  { breached, subjects }: Pick<AlertEvaluation, 'breached' | 'subjects'>,
  cooldownMs: number,
  now: Date,
): AlertDecision {
  if (!breached) return resolveAlert(ruleState)
  const known = ruleState.notifiedSubjects.filter((one) => subjects.includes(one))
  const isNews = !ruleState.notified || subjects.some((one) => !known.includes(one))
  const isCooledDown =
    ruleState.notifiedAt === null || now.getTime() - ruleState.notifiedAt.getTime() >= cooldownMs
  if (!isNews || !isCooledDown)
    return { ruleState: { ...ruleState, state: 'firing', notifiedSubjects: known }, notify: null }
  return {
    ruleState: { state: 'firing', notified: true, notifiedAt: now, notifiedSubjects: subjects },
    notify: 'firing',
  }
}

function resolveAlert(ruleState: AlertRuleState): AlertDecision {
  if (ruleState.state !== 'firing') return { ruleState, notify: null }
  const resolved: AlertRuleState = { ...ruleState, state: 'resolved', notified: false, notifiedSubjects: [] }
  return { ruleState: resolved, notify: ruleState.notified ? 'resolved' : null }
}
