import { deliveryFilters } from '@ghostpost/client'

type Selection = Readonly<Record<string, unknown>>

/** One part of an operation's filter. */
export interface SelectionPart {
  name: string
  value: string
}

/** Labels that differ from those of the list's filter. */
const labels: Readonly<Record<string, string>> = {
  response_status: 'response status',
  from: 'created from',
  to: 'created before',
  score_min: 'score from',
  seen_from: 'seen from',
  seen_to: 'seen before',
}

const filters: Readonly<Record<string, { label: string }>> = deliveryFilters

/** The parts of an operation's filter. A list of ids becomes its length. */
export function selectionPartsOf(selection: Selection): SelectionPart[] {
  const ids = selection['delivery_ids'] ?? selection['ids']
  if (Array.isArray(ids)) return [{ name: 'selected deliveries', value: String(ids.length) }]
  const inner =
    Object.values(selection).find(
      (value): value is Selection => typeof value === 'object' && value !== null,
    ) ?? selection
  return Object.entries(inner)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => ({ name, value: String(value) }))
}

/** Label of a part of the filter. */
export function labelFor(name: string): string {
  return labels[name] ?? filters[name]?.label.toLowerCase() ?? name.replaceAll('_', ' ')
}
