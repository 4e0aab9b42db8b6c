import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'

type Kind = AlertRuleView['kind']

interface AlertKindInfo {
  label: string
  /** What the limit counts; null where there is none. */
  limit: string | null
  /** The limit unless another is given. */
  defaultLimit: number
  /** After a value. */
  unit: string
  hasWindow: boolean
}

/** What each kind of rule is called, and what it is set up with. */
export const alertKinds: Readonly<Record<Kind, AlertKindInfo>> = {
  failure_rate: {
    label: 'Too many exports fail',
    limit: 'Percent that fail',
    defaultLimit: 20,
    unit: ' %',
    hasWindow: true,
  },
  dead_letters: {
    label: 'Deliveries are given up on',
    limit: 'Dead letters',
    defaultLimit: 10,
    unit: '',
    hasWindow: true,
  },
  destination_disabled: {
    label: 'A destination was disabled by its receiver',
    limit: null,
    defaultLimit: 0,
    unit: '',
    hasWindow: false,
  },
  queue_age: {
    label: 'Due deliveries wait too long',
    limit: 'Seconds that one may wait',
    defaultLimit: 300,
    unit: ' s',
    hasWindow: false,
  },
  not_draining: {
    label: 'The backlog grows and does not shrink',
    limit: 'Deliveries it grows by',
    defaultLimit: 100,
    unit: '',
    hasWindow: true,
  },
}

export const alertKindNames = Object.keys(alertKinds) as Kind[]

const problemTexts: Readonly<Record<NonNullable<AlertRuleView['problem']>, string>> = {
  nobody_is_told: 'Nobody is told: it names no destination and no address any more.',
  destination_paused: 'The destination it tells is paused; alerts wait.',
  destination_disabled: 'The destination it tells is disabled; alerts wait.',
  email_not_configured: 'There is no mail server; its e-mails are not sent.',
  watched_destination_gone: 'The destination it watches is gone; it never fires.',
}

export function formatProblem({ problem }: AlertRuleView): string | null {
  return problem && problemTexts[problem]
}

/** What was found last, beside the limit. */
export function formatLastValue({ kind, last_value: value, threshold }: AlertRuleView): string {
  const { unit } = alertKinds[kind]
  if (value === null) return '–'
  return threshold === null ? `${value}${unit}` : `${value}${unit} of ${threshold}${unit}`
}
