import type { Zone } from '../../ui/zone.ts'
import { deliveryLooks } from '../../ui/status.tsx'
import type { ListSearch } from './list-search.ts'

/**
 * Reads the dialog of filters. An empty field removes its filter.
 * @param fieldText reads a field by its name
 */
export function readFilterForm(fieldText: (name: string) => string, zone: Zone): ListSearch {
  const states = Object.keys(deliveryLooks).filter((state) => fieldText(`status.${state}`) !== '')
  const from = timeOf(fieldText('from'), zone)
  const to = timeOf(fieldText('to'), zone)
  return {
    status: states.length === 0 ? undefined : states.join(','),
    response_status: orUndefined(fieldText('response_status').replaceAll(/\s/g, '').toLowerCase()),
    cause: orUndefined(fieldText('cause').trim()),
    receiver: orUndefined(fieldText('receiver').trim()),
    purpose: orUndefined(fieldText('purpose')),
    recovered: orUndefined(fieldText('recovered')),
    wait: orUndefined(fieldText('wait')),
    from,
    to,
    // A span with fixed ends replaces a relative one.
    ...(from !== undefined && { range: undefined }),
  }
}

function orUndefined(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** A time as a field of the type `datetime-local` gives it, in UTC; undefined when it is empty or no time. */
function timeOf(text: string, zone: Zone): string | undefined {
  if (text === '') return undefined
  const date = new Date(zone === 'utc' ? `${text}Z` : text)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** A time for a field of the type `datetime-local`; empty without one. */
export function timeInZone(at: string | undefined, zone: Zone): string {
  if (at === undefined) return ''
  const date = new Date(at)
  const shown = zone === 'utc' ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shown.toISOString().slice(0, 19)
}
