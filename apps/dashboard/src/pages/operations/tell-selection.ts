import { tellCount } from '../deliveries/tell-count.ts'

/** What was frozen, in the words of the filter; ids only by their number. */
export function tellSelection(selection: Readonly<Record<string, unknown>>): string {
  const ids = selection['delivery_ids'] ?? selection['ids']
  if (Array.isArray(ids))
    return tellCount({ count: ids.length, capped: false }, 'chosen delivery', 'chosen deliveries')
  const inner =
    Object.values(selection).find((value) => typeof value === 'object' && value !== null) ?? selection
  const parts = Object.entries(inner).filter(([name]) => name !== 'kind')
  return parts.map(([name, value]) => `${name}: ${String(value)}`).join(', ')
}
