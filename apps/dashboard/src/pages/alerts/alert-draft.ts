import type { AlertRuleBody } from '@ghostpost/delivery/contract/alerts'
import { alertKinds } from './alert-kinds.ts'

const minute = 60

/** The rule that a form says. What is left empty is the API's to choose. */
export function ruleIn(text: (name: string) => string, siteId: number): AlertRuleBody {
  const kind = text('kind') as AlertRuleBody['kind']
  const { limit, hasWindow } = alertKinds[kind]
  const threshold = limit === null ? null : numberIn(text('threshold'))
  const window = hasWindow ? numberIn(text('window')) : null
  const cooldown = numberIn(text('cooldown'))
  const type = text('type') as NonNullable<AlertRuleBody['filter']>['webhook_type'] | ''
  const destination = text('destination')
  const email = text('email')
    .split(/[\s,;]+/)
    .filter(Boolean)
  return {
    siteId,
    name: text('name').trim(),
    kind,
    ...(threshold !== null && { threshold }),
    ...(window !== null && { window_seconds: Math.round(window * minute) }),
    ...(cooldown !== null && { cooldown_seconds: Math.round(cooldown * minute) }),
    ...(type && { filter: { webhook_type: type } }),
    notify: {
      ...(destination !== '' && { destination_id: destination }),
      ...(email.length > 0 && { email }),
    },
  }
}

function numberIn(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}
