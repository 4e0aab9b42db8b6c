import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import type { ListSearch } from '../deliveries/list-search.ts'

/** The list of the deliveries that a rule watches; null for a rule about destinations. */
export function watchedSearchOf({ kind, filter, window_seconds: window }: AlertRuleView): ListSearch | null {
  const shared = {
    ...(filter.webhook_type !== null && { webhook_type: filter.webhook_type }),
    ...(filter.destination_id !== null && { destination_id: filter.destination_id }),
  }
  switch (kind) {
    case 'destination_disabled':
      return null
    case 'failure_rate':
      return { ...shared, status: 'failed,retrying', range: rangeFor(window) }
    case 'dead_letters':
      return { ...shared, status: 'failed', range: rangeFor(window) }
    case 'queue_age':
    case 'not_draining':
      return { ...shared, wait: 'due', sort: 'next_attempt' }
  }
}

/** The shortest range of the list that contains the window. */
function rangeFor(windowSeconds: number | null): string {
  const hours = (windowSeconds ?? 0) / 3_600
  if (hours <= 1) return '1h'
  return hours <= 24 ? '24h' : '7d'
}

/** Who is told, in words. */
export function formatRecipients(
  { notify }: Pick<AlertRuleView, 'notify'>,
  nameOf: (id: string) => string | undefined,
): string {
  const destination = notify.destination_id === null ? [] : [nameOf(notify.destination_id) ?? 'a destination']
  return [...destination, ...notify.email].join(', ') || 'nobody'
}
