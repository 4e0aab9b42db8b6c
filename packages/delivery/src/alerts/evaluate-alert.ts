import { alertEmail } from './alert-email.ts'
import { alertPayload } from './alert-payload.ts'
import { decideAlert, type AlertDecision } from './decide-alert.ts'
import { formatAlert, type AlertMessage } from './format-alert.ts'
import { judgeAlert } from './judge-alert.ts'
import type { AlertPorts, EvaluationPorts, SavedAlert, WatchedRule } from './ports.ts'

export interface EvaluatedAlert {
  value: number | null
  /** Null when people need no notification. */
  notify: AlertDecision['notify']
  saved: SavedAlert | null
}

/**
 * Evaluates a rule: measures, judges, moves the rule to its next state, and stores a notification if people need one.
 * Call it in the transaction that holds the rule's lock, so that a state and its notification are stored together.
 * @param dashboardUrl without a trailing slash
 */
export async function evaluateAlert(
  { rule, ruleState, samples, cooldownMs, now }: WatchedRule,
  ports: EvaluationPorts,
  dashboardUrl: string,
): Promise<EvaluatedAlert> {
  const measured = await ports.measure(rule, now)
  const evaluation = judgeAlert(rule, measured, samples)
  const { value } = evaluation
  const decision = decideAlert(ruleState, evaluation, cooldownMs, now)
  await ports.saveState({ ruleState: decision.ruleState, value, samples: evaluation.samples })
  const { notify: phase } = decision
  if (phase === null) return { value, notify: null, saved: null }
  const causes = phase === 'resolved' ? [] : await ports.readCauses(rule, measured, now)
  const message = formatAlert({ rule, phase, measured, value, causes, dashboardUrl })
  return { value, notify: phase, saved: await notify(message, now, ports) }
}

/**
 * Stores a notification that is marked as a test, with the current measurement. The rule keeps its state.
 * @param dashboardUrl without a trailing slash
 */
export async function testAlert(
  { rule, samples, now }: WatchedRule,
  ports: AlertPorts,
  dashboardUrl: string,
): Promise<SavedAlert> {
  const measured = await ports.measure(rule, now)
  const { value } = judgeAlert(rule, measured, samples)
  const causes = await ports.readCauses(rule, measured, now)
  const message = formatAlert({ rule, phase: 'test', measured, value, causes, dashboardUrl })
  return notify(message, now, ports)
}

async function notify(message: AlertMessage, now: Date, ports: AlertPorts): Promise<SavedAlert> {
  const target = await ports.lockTarget()
  const payload = target && JSON.stringify(alertPayload(target.webhookType, message, now))
  return ports.saveAlert({
    phase: message.phase,
    email: alertEmail(message),
    delivery: target && payload ? { target, payload } : null,
  })
}
