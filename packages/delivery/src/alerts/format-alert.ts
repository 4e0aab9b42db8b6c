import type { AlertPhase, AlertRule } from './alert-rule.ts'
import { alertLink } from './alert-link.ts'
import type { AlertEvaluation } from './judge-alert.ts'
import type { AlertCause, AlertWindow, Measurement } from './measurement.ts'
import { formatMeasurement } from './format-measurement.ts'
import { lineOf, unknownText } from '../text/clip-text.ts'

/** A notification, in words and as data. Every channel sends the same. */
export interface AlertMessage {
  phase: AlertPhase
  rule: AlertRule
  /** One line. */
  headline: string
  /** Sentences with the numbers. */
  summary: string
  /** Deliveries with the same cause and receiver. The most frequent come first. */
  causes: readonly AlertCause[]
  /** The page of the dashboard that shows the window. */
  link: string
  value: number | null
  window: AlertWindow
}

/** A notification shows this many causes. The page behind its link shows all. */
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
  /** Without a trailing slash. */
  dashboardUrl: string
}

/** Writes a notification: what happened, how often, the most frequent causes, and a link. */
export function formatAlert(input: AlertMessageInput): AlertMessage {
  const { phase, measured, value, causes, dashboardUrl } = input
  const rule = withShownNames(input.rule)
  const sentence = shownLine(formatMeasurement(rule, measured, value))
  return {
    phase,
    rule,
    headline: `${phaseWords[phase]}: ${rule.name}`,
    summary: phase === 'test' ? `This is a test of the alert; no action is needed. ${sentence}` : sentence,
    causes: phase === 'resolved' ? [] : causes.slice(0, causesShownMax),
    link: alertLink(dashboardUrl, rule, measured),
    value,
    window: measured.window,
  }
}

/** Names that were stored before the API refused control characters, or that no request wrote. */
function withShownNames(rule: AlertRule): AlertRule {
  return { ...rule, name: shownLine(rule.name), siteName: shownLine(rule.siteName) }
}

function shownLine(text: string): string {
  return lineOf(text) ?? unknownText
}

/** A cause in words, in one line: count, receiver, message and remedy. */
export function formatCause({ count, cause, receiver, message, remedy }: AlertCause): string {
  const what = message ?? 'Not attempted yet. The page of each delivery explains why it waits.'
  const code = cause === null ? '' : ` (${cause})`
  return shownLine(`${count} × ${receiver}: ${what}${code}${remedy === null ? '' : ` ${remedy}`}`)
}
