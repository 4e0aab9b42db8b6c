import type { EventRecord, SessionRecord, VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import { traitsJson } from '@ghostpost/delivery/visitors'
import type { RowColumn } from '../connection/row-arrays.ts'

/** A column that a newer record replaces. */
interface Written<Row> {
  name: string
  type: Exclude<RowColumn<Row>[1], 'jsonb'>
  valueOf: (row: Row) => unknown
}

/** The three tables that visitors are written to, as one list of columns each. */
export const profileColumns: readonly Written<VisitorRow>[] = [
  { name: 'score', type: 'int', valueOf: ({ score }) => score ?? 0 },
  { name: 'identified_user_id', type: 'text', valueOf: ({ identified_user_id: id }) => id },
  { name: 'name', type: 'text', valueOf: ({ name }) => name },
  { name: 'company', type: 'text', valueOf: ({ company }) => company },
  { name: 'country', type: 'text', valueOf: ({ country }) => country },
  { name: 'city', type: 'text', valueOf: ({ city }) => city },
  { name: 'device_type', type: 'text', valueOf: ({ device_type: type }) => type },
  { name: 'browser', type: 'text', valueOf: ({ browser }) => browser },
  { name: 'total_sessions', type: 'int', valueOf: ({ total_sessions: total }) => total ?? 0 },
  { name: 'total_pageviews', type: 'int', valueOf: ({ total_pageviews: total }) => total ?? 0 },
  { name: 'total_time_seconds', type: 'int', valueOf: ({ total_time_seconds: total }) => total ?? 0 },
  { name: 'traits', type: 'text', valueOf: ({ traits }) => traitsJson(traits) },
]

/** The fields that a message can say. The totals are derived from events. */
export const mergedColumns = profileColumns.filter(({ name }) => !name.startsWith('total_'))

export interface OwnedSession extends SessionRecord {
  ghost_vid: string
}

export const sessionColumns: readonly Written<OwnedSession>[] = [
  { name: 'started_at', type: 'timestamptz', valueOf: ({ started_at: at }) => utc(at) },
  { name: 'ended_at', type: 'timestamptz', valueOf: ({ ended_at: at }) => (at ? utc(at) : null) },
  { name: 'pageview_count', type: 'int', valueOf: ({ pageview_count: pages }) => pages ?? 0 },
  { name: 'entry_page', type: 'text', valueOf: ({ entry_page: page }) => page },
  { name: 'exit_page', type: 'text', valueOf: ({ exit_page: page }) => page },
  { name: 'referrer', type: 'text', valueOf: ({ referrer }) => referrer },
]

export interface OwnedEvent extends EventRecord {
  ghost_vid: string
}

export const eventColumns: readonly Written<OwnedEvent>[] = [
  { name: 'type', type: 'text', valueOf: ({ type }) => type },
  { name: 'page', type: 'text', valueOf: ({ page }) => page },
  { name: 'occurred_at', type: 'timestamptz', valueOf: ({ occurred_at: at }) => utc(at) },
]

export function parametersOf<Row>(columns: readonly Written<Row>[]): RowColumn<Row>[] {
  return columns.map(({ name, type, valueOf }) => [name, type, valueOf])
}

/** To the millisecond, as the columns: Postgres would round up what JavaScript cuts off. */
export function utc(text: string): string {
  return new Date(text).toISOString()
}
