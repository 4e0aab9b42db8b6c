import type { AlertState } from './alert-rule.ts'
import type { AlertEvaluation } from './judge-alert.ts'

/** The state of a rule, and what people were notified of. */
export interface AlertRuleState {
  state: AlertState
  /** People were notified that the rule fires. */
  notified: boolean
  /** When people were last notified that the rule fires, this time or before; null for never. */
  notifiedAt: Date | null
  /** The subjects that the last notification covered. Empty for kinds without subjects. */
  notifiedSubjects: readonly string[]
}

export interface AlertDecision {
  ruleState: AlertRuleState
  /** The notification to send now; null for none. */
  notify: 'firing' | 'resolved' | null
}

/**
 * Moves a rule to its next state: `ok → firing → resolved → firing …`. A rule notifies once when it fires, and once
 * more when it fires for a new subject. During the cooldown it notifies nobody; if it still fires afterwards, it
 * notifies then. It notifies that it is resolved only after it has notified that it fires.
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
