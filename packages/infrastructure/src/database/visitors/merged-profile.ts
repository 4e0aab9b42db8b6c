import type { VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import type { TimedFields, TimedValue } from '@ghostpost/delivery/visitors'
import { mergedColumns } from './visitor-rows.ts'

/** The profile of a visitor as it is stored. */
export interface StoredProfile {
  id: string
  ghost_vid: string
  first_seen: Date
  last_seen: Date
  score: number
  identified_user_id: string | null
  name: string | null
  company: string | null
  country: string | null
  city: string | null
  device_type: string | null
  browser: string | null
  traits: unknown
  field_times: unknown
}

/** A profile as it is to be stored. */
export interface MergedVisitor {
  row: VisitorRow
  fieldTimes: string
  isChanged: boolean
}

export const lockVisitorsSql = `
  select
    id,
    ghost_vid,
    first_seen,
    last_seen,
    score,
    identified_user_id,
    name,
    company,
    country,
    city,
    device_type,
    browser,
    traits,
    field_times
  from visitors
  where site_id = $1
    and ghost_vid = any($2)
  order by ghost_vid
  for no key update`

/** The time of the fields that have none of their own: of a profile that was written as a whole, its `last_seen`. */
const wholeName = '*'

export function wholeTimeOf({ field_times: times, last_seen: lastSeen }: StoredProfile): number {
  return timesOf(times).get(wholeName) ?? lastSeen.getTime()
}

function timesOf(times: unknown): Map<string, number> {
  return new Map(Object.entries((times ?? {}) as Record<string, number>))
}

const fieldNames = mergedColumns.flatMap(({ name }) => (name === 'traits' ? [] : [name as FieldName]))
type FieldName = Exclude<keyof StoredProfile, 'id' | 'ghost_vid' | 'traits' | 'field_times'>
const traitPrefix = 'traits.'

/** The stored fields with their times. */
export function profileOf(stored: StoredProfile): TimedFields {
  const times = timesOf(stored.field_times)
  const wholeMs = wholeTimeOf(stored)
  const timed = (name: string, value: unknown): readonly [string, TimedValue] => [
    name,
    { value, atMs: times.get(name) ?? wholeMs },
  ]
  return new Map([
    ...fieldNames.map((name) => timed(name, stored[name])),
    ...Object.entries(stored.traits ?? {}).map(([name, value]) => timed(traitPrefix + name, value)),
  ])
}

/** The times of all fields but those with the time of the whole. */
export function fieldTimesOf(fields: TimedFields, wholeMs: number): string {
  const own = [...fields].flatMap(([name, { atMs }]) => (atMs === wholeMs ? [] : [[name, atMs] as const]))
  return JSON.stringify(Object.fromEntries([[wholeName, wholeMs], ...own.toSorted(byName)]))
}

/** The fields as a row. Traits are in the order of their names, whatever the order in which they were said. */
export function wholeRowOf(
  vid: string,
  fields: TimedFields,
  times: Required<Pick<VisitorRow, 'first_seen' | 'last_seen'>>,
): VisitorRow {
  const values = [...fields].map(([name, { value }]) => [name, value] as const)
  const traits = values.flatMap(([name, value]) =>
    name.startsWith(traitPrefix) ? [[name.slice(traitPrefix.length), value] as const] : [],
  )
  const own = values.filter(([name]) => !name.startsWith(traitPrefix))
  return {
    ghost_vid: vid,
    ...Object.fromEntries(own),
    traits: traits.length === 0 ? null : Object.fromEntries(traits.toSorted(byName)),
    ...times,
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0
}
