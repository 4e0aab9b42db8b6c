import type { AlertRuleBody, AlertRuleChanges, AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { alertKinds } from './alert-kinds.ts'

const minuteSeconds = 60

/**
 * Reads an alert rule from a form. The API chooses a default for each empty field.
 * @param fieldText reads a field by its name
 */
export function readAlertRule(fieldText: (name: string) => string, siteId: number): AlertRuleBody {
  const kind = fieldText('kind') as AlertRuleBody['kind']
  const { limit, hasWindow } = alertKinds[kind]
  const minimum = kind === 'failure_rate' ? numberIn(fieldText('minimum')) : null
  const watched = fieldText('watched')
  const threshold = limit === null ? null : numberIn(fieldText('threshold'))
  const window = hasWindow ? numberIn(fieldText('window')) : null
  const cooldown = numberIn(fieldText('cooldown'))
  const type = fieldText('type') as NonNullable<AlertRuleBody['filter']>['webhook_type'] | ''
  const destination = fieldText('destination')
  const email = fieldText('email')
    .split(/[\s,;]+/)
    .filter(Boolean)
  return {
    siteId,
    name: fieldText('name').trim(),
    kind,
    ...(threshold !== null && { threshold }),
    ...(window !== null && { window_seconds: Math.round(window * minuteSeconds) }),
    ...(cooldown !== null && { cooldown_seconds: Math.round(cooldown * minuteSeconds) }),
    ...(minimum !== null && { minimum_count: minimum }),
    ...((type !== '' || watched !== '') && {
      filter: { ...(type && { webhook_type: type }), ...(watched !== '' && { destination_id: watched }) },
    }),
    notify: {
      ...(destination !== '' && { destination_id: destination }),
      ...(email.length > 0 && { email }),
    },
  }
}

/** Reads the changes of a rule from its form. An empty field keeps the present limit; the filter is replaced. */
export function readAlertChanges(
  fieldText: (name: string) => string,
  { kind, siteId }: Pick<AlertRuleView, 'kind' | 'siteId'>,
): AlertRuleChanges {
  // A disabled field is no part of a form.
  const fieldOf = (name: string): string => (name === 'kind' ? kind : fieldText(name))
  const { siteId: _siteId, kind: _kind, filter, ...changes } = readAlertRule(fieldOf, siteId)
  return { ...changes, filter: filter ?? {} }
}

function numberIn(fieldText: string): number | null {
  return fieldText.trim() === '' ? null : Number(fieldText)
}
