import type { AlertRuleBody } from '@ghostpost/delivery/contract/alerts'
import { alertKinds } from './alert-kinds.ts'

const minuteSeconds = 60

/**
 * Reads an alert rule from a form. The API chooses a default for each empty field.
 * @param fieldText reads a field by its name
 */
export function readAlertRule(fieldText: (name: string) => string, siteId: number): AlertRuleBody {
  const kind = fieldText('kind') as AlertRuleBody['kind']
  const { limit, hasWindow } = alertKinds[kind]
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
    ...(type && { filter: { webhook_type: type } }),
    notify: {
      ...(destination !== '' && { destination_id: destination }),
      ...(email.length > 0 && { email }),
    },
  }
}

function numberIn(fieldText: string): number | null {
  return fieldText.trim() === '' ? null : Number(fieldText)
}
