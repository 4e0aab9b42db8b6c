type Selection = Readonly<Record<string, unknown>>

/** One part of an operation's filter. */
export interface SelectionPart {
  name: string
  value: string
}

const labels: Readonly<Record<string, string>> = {
  ghost_vid: 'visitor',
  identified_user: 'lead',
  text: 'words',
  webhook_type: 'type',
  destination_id: 'destination',
  response_status: 'response status',
  failure: 'failure group',
  operation_id: 'operation',
  from: 'created from',
  to: 'created before',
  score_min: 'score from',
  seen_from: 'seen from',
  seen_to: 'seen before',
}

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
  return labels[name] ?? name.replaceAll('_', ' ')
}
