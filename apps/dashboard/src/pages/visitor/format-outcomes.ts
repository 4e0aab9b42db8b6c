import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'

const words: Readonly<Record<DeliverySummary['status'], string>> = {
  delivered: 'sent',
  queued: 'in progress',
  delivering: 'in progress',
  retrying: 'in progress',
  failed: 'needs attention',
  cancelled: 'cancelled',
}

/** Counts deliveries in a salesperson's words, as `2 sent · 1 in progress`. */
export function formatOutcomes(deliveries: readonly Pick<DeliverySummary, 'status'>[]): string {
  const counts = new Map<string, number>()
  for (const { status } of deliveries) counts.set(words[status], (counts.get(words[status]) ?? 0) + 1)
  const order = [...new Set(Object.values(words))]
  return order
    .filter((word) => counts.has(word))
    .map((word) => `${counts.get(word)} ${counts.get(word) === 1 ? word : word.replace('needs', 'need')}`)
    .join(' · ')
}
