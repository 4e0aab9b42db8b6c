import type { AlertPhase, AlertRule } from './alert-rule.ts'
import { alertLink } from './alert-link.ts'
import type { AlertEvaluation } from './judge-alert.ts'
import type { AlertCause, AlertWindow, Measurement } from './measurement.ts'
import { formatMeasurement } from './format-measurement.ts'

/** What people are told, in words and as data. The same for every way it is sent. */
export interface AlertMessage {
  phase: AlertPhase
  rule: AlertRule
  /** One line. */
  headline: string
  /** A sentence with the numbers. */
  summary: string
  /** Most first; what was made of the same cause at the same receiver. */
  causes: readonly AlertCause[]
  /** The frozen window in the dashboard. */
  link: string
  value: number | null
  window: AlertWindow
}

/** More causes are not told: the link leads to all of them. */
export const causesShownMax = 3

const phaseWords: Readonly<Record<AlertPhase, string>> = {
  firing: 'Firing',
  resolved: 'Resolved',
  test: 'Test',
}

export interface AlertMessageInput {
  rule: AlertRule
  phase: AlertPhase
  measured: Measurement
  value: AlertEvaluation['value']
  causes: readonly AlertCause[]
  /** Without a slash at its end. */
  dashboardUrl: string
}

/** Says what happened, how much of it, why mostly, and where to look. */
export function formatAlert({
  rule,
  phase,
  measured,
  value,
  causes,
  dashboardUrl,
}: AlertMessageInput): AlertMessage {
  const sentence = formatMeasurement(rule, measured, value)
  return {
    phase,
    rule,
    headline: `${phaseWords[phase]}: ${rule.name}`,
    summary: phase === 'test' ? `This is a test of the alert; nothing has to be done. ${sentence}` : sentence,
    causes: phase === 'resolved' ? [] : causes.slice(0, causesShownMax),
    link: alertLink(dashboardUrl, rule, measured),
    value,
    window: measured.window,
  }
}

/** A cause in words: how many, what, where, and what to do. */
export function formatCause({ count, cause, receiver, message, remedy }: AlertCause): string {
  const what = message ?? 'Not tried yet; the page of one of them explains for what it waits.'
  const code = cause === null ? '' : ` (${cause})`
  return `${count} × ${receiver}: ${what}${code}${remedy === null ? '' : ` ${remedy}`}`
}
