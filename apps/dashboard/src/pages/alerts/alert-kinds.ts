import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'

type Kind = AlertRuleView['kind']

interface AlertKindInfo {
  label: string
  /** Label of the limit; null for a kind without a limit. */
  limit: string | null
  /** The API's default limit. */
  defaultLimit: number
  /** Appended to a value. */
  unit: string
  hasWindow: boolean
}

/** Label and settings of each kind of alert rule. */
export const alertKinds: Readonly<Record<Kind, AlertKindInfo>> = {
  failure_rate: {
    label: 'Too many exports fail',
    limit: 'Failure rate in percent',
    defaultLimit: 20,
    unit: ' %',
    hasWindow: true,
  },
  dead_letters: {
    label: 'Too many dead letters',
    limit: 'Dead letters',
    defaultLimit: 10,
    unit: '',
    hasWindow: true,
  },
  destination_disabled: {
    label: 'A receiver disabled its destination',
    limit: null,
    defaultLimit: 0,
    unit: '',
    hasWindow: false,
  },
  queue_age: {
    label: 'Due deliveries wait too long',
    limit: 'Longest wait in seconds',
    defaultLimit: 300,
    unit: ' s',
    hasWindow: false,
  },
  not_draining: {
    label: 'The backlog keeps growing',
    limit: 'Growth in deliveries',
    defaultLimit: 100,
    unit: '',
    hasWindow: true,
  },
}

export const alertKindNames = Object.keys(alertKinds) as Kind[]

const problemTexts: Readonly<Record<NonNullable<AlertRuleView['problem']>, string>> = {
  nobody_is_told: 'Nobody is notified: the rule has no destination and no e-mail address.',
  destination_paused: 'The destination it notifies is paused; notifications wait.',
  destination_disabled: 'The destination it notifies is disabled; notifications wait.',
  email_not_configured: 'No mail server is configured; its e-mails are not sent.',
  notification_failed: 'Its last notification was not delivered; see it in the delivery log.',
  watched_destination_gone: 'The destination it watches was deleted; the rule never fires.',
}

export function formatProblem({ problem }: AlertRuleView): string | null {
  return problem && problemTexts[problem]
}

/** The last value beside the limit, as `12 %, limit 20 %`. */
export function formatLastValue({ kind, last_value: value, threshold }: AlertRuleView): string {
  const { unit } = alertKinds[kind]
  if (value === null) return '–'
  return threshold === null ? `${value}${unit}` : `${value}${unit}, limit ${threshold}${unit}`
}
