type Selection = Readonly<Record<string, unknown>>

/** One part of what an operation is about. */
export interface SelectionPart {
  name: string
  value: string
}

const labels: Readonly<Record<string, string>> = {
  ghost_vid: 'visitor',
  identified_user: 'lead',
  text: 'words',
  webhook_type: 'kind',
  destination_id: 'destination',
  response_status: 'answer',
  failure: 'failure group',
  operation_id: 'operation',
  from: 'created from',
  to: 'created before',
  score_min: 'score from',
  seen_from: 'seen from',
  seen_to: 'seen before',
}

/** What was frozen, part by part; ids only by their number. */
export function selectionPartsOf(selection: Selection): SelectionPart[] {
  const ids = selection['delivery_ids'] ?? selection['ids']
  if (Array.isArray(ids)) return [{ name: 'chosen deliveries', value: String(ids.length) }]
  const inner =
    Object.values(selection).find(
      (value): value is Selection => typeof value === 'object' && value !== null,
    ) ?? selection
  return Object.entries(inner)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => ({ name, value: String(value) }))
}

/** The name of a part as people say it. */
export function labelFor(name: string): string {
  return labels[name] ?? name.replaceAll('_', ' ')
}
