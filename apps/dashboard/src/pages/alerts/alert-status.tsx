import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { Badge } from '../../ui/status.tsx'

export function AlertStatus({ rule: { enabled, state } }: { rule: AlertRuleView }) {
  if (!enabled) return <Badge text="Muted" tone="idle" icon="stop" />
  if (state === 'firing') return <Badge text="Firing" tone="bad" icon="bad" />
  return <Badge text={state === 'resolved' ? 'Resolved' : 'Ok'} tone="good" icon="check" />
}
