import type { AlertPhase, AlertRule } from './alert-rule.ts'
import { alertLink } from './alert-link.ts'
import type { AlertFinding } from './judge-alert.ts'
import type { AlertCause, AlertWindow, Measurement } from './measurement.ts'
import { sentenceOf } from './tell-measurement.ts'

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
export const causesToldMax = 3

const words: Readonly<Record<AlertPhase, string>> = { firing: 'Firing', resolved: 'Resolved', test: 'Test' }

export interface AlertToTell {
  rule: AlertRule
  phase: AlertPhase
  measured: Measurement
  value: AlertFinding['value']
  causes: readonly AlertCause[]
  /** Without a slash at its end. */
  dashboardUrl: string
}

/** Says what happened, how much of it, why mostly, and where to look. */
export function tellAlert({ rule, phase, measured, value, causes, dashboardUrl }: AlertToTell): AlertMessage {
  const sentence = sentenceOf(rule, measured, value)
  return {
    phase,
    rule,
    headline: `${words[phase]}: ${rule.name}`,
    summary: phase === 'test' ? `This is a test of the alert; nothing has to be done. ${sentence}` : sentence,
    causes: phase === 'resolved' ? [] : causes.slice(0, causesToldMax),
    link: alertLink(dashboardUrl, rule, measured),
    value,
    window: measured.window,
  }
}

/** A cause in words: how many, what, where, and what to do. */
export function causeText({ count, cause, receiver, message, remedy }: AlertCause): string {
  const what = message ?? 'Not tried yet; the page of one of them explains for what it waits.'
  const code = cause === null ? '' : ` (${cause})`
  return `${count} × ${receiver}: ${what}${code}${remedy === null ? '' : ` ${remedy}`}`
}
