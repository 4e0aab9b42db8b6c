import type { VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import { mergeFields, traitsFit, type SaidEvent, type SaidFields } from '@ghostpost/delivery/visitors'
import type { PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'
import { againAfterDeadlock } from './again-after-deadlock.ts'
import { deriveSessions } from './derive-sessions.ts'
import {
  fieldTimesOf,
  lockVisitorsSql,
  profileOf,
  wholeTimeOf,
  wholeRowOf,
  type MergedVisitor,
  type StoredProfile,
} from './merged-profile.ts'
import { storeOwned, storeOwnedSql } from './newest-wins.ts'
import { eventColumns, mergedColumns, parametersOf, utc } from './visitor-rows.ts'

/** What messages say about one visitor. */
export interface VisitorFacts {
  ghostVid: string
  said: SaidFields
  events: readonly SaidEvent[]
}

/** `suppressed`: the visitor was erased. `traits_too_large`: with the stored ones. Nothing is stored then. */
export type MergedResult = 'stored' | 'suppressed' | 'traits_too_large'

const isoOf = (ms: number): string => new Date(ms).toISOString()

const reservedParameters: readonly RowColumn<VisitorFacts>[] = [
  ['ghost_vid', 'text', ({ ghostVid }) => ghostVid],
  ['first_seen', 'timestamptz', ({ said }) => isoOf(said.firstSeenMs)],
  ['last_seen', 'timestamptz', ({ said }) => isoOf(said.lastSeenMs)],
]

// In the order of ids, so that two statements never wait for each other.
const reserveSql = `
  insert into visitors (
    site_id,
    ghost_vid,
    first_seen,
    last_seen,
    field_times
  )
  select
    $1,
    w.ghost_vid,
    w.first_seen,
    w.last_seen,
    '{"*":-1}'
  from ${rowsSql(reservedParameters, 'w', 2)}
  order by w.ghost_vid
  on conflict (site_id, ghost_vid) do nothing`

const changedParameters: readonly RowColumn<MergedVisitor>[] = [
  ['ghost_vid', 'text', ({ row }) => row.ghost_vid],
  ['first_seen', 'timestamptz', ({ row }) => utc(row.first_seen ?? row.last_seen)],
  ['last_seen', 'timestamptz', ({ row }) => utc(row.last_seen)],
  ['field_times', 'text', ({ fieldTimes }) => fieldTimes],
  ...parametersOf(mergedColumns).map(
    ([name, type, valueOf]) =>
      [name, type, ({ row }: MergedVisitor) => valueOf(row)] as RowColumn<MergedVisitor>,
  ),
]

const updateSql = `
  update visitors v set
    first_seen = w.first_seen,
    last_seen = w.last_seen,
    field_times = w.field_times::json,
    ${mergedColumns.map(({ name }) => `${name} = w.${name}${name === 'traits' ? '::json' : ''}`).join(',\n    ')}
  from ${rowsSql(changedParameters, 'w', 2)}
  where v.site_id = $1
    and v.ghost_vid = w.ghost_vid`

type MergedEvent = SaidEvent & { ghost_vid: string }

const eventParameters: readonly RowColumn<MergedEvent>[] = [
  ['ghost_vid', 'text', (row) => row.ghost_vid],
  ['event_id', 'text', (row) => row.event_id],
  ...parametersOf(eventColumns),
  ['session_key', 'text', (row) => row.session_key],
  ['referrer', 'text', (row) => row.referrer],
]
const storeEventsSql = storeOwnedSql(
  'events',
  'event_id',
  [...eventColumns.map(({ name }) => name), 'session_key', 'referrer'],
  rowsSql(eventParameters, 'w', 2),
  (alias) => `${alias}.occurred_at`,
)

/**
 * Merges what messages say into the visitors of one site, field by field, all or none. Neither the order of the
 * messages nor their repetition matters. A profile that was written as a whole counts as said at its `last_seen`.
 * @param visitors each once, with facts that were checked
 */
export async function mergeVisitors(
  database: Pick<Database, 'pool'>,
  siteId: number,
  visitors: readonly VisitorFacts[],
): Promise<Map<string, MergedResult>> {
  return againAfterDeadlock(() => inTransaction(database, (client) => mergeOnce(client, siteId, visitors)))
}

async function mergeOnce(
  client: PoolClient,
  siteId: number,
  visitors: readonly VisitorFacts[],
): Promise<Map<string, MergedResult>> {
  await client.query({
    name: 'reserve-visitors',
    text: reserveSql,
    values: [siteId, ...rowsValues(reservedParameters, visitors)],
  })
  const locked = await client.query<StoredProfile>(lockVisitorsSql, [
    siteId,
    visitors.map(({ ghostVid }) => ghostVid),
  ])
  const stored = new Map(locked.rows.map((row) => [row.ghost_vid, row]))
  const results = new Map<string, MergedResult>()
  const fitting: VisitorFacts[] = []
  const changed: MergedVisitor[] = []
  for (const facts of visitors) {
    const before = stored.get(facts.ghostVid)
    const merged = before && mergeInto(before, facts.said)
    results.set(facts.ghostVid, resultOf(merged))
    if (!merged || !traitsFit(merged.row.traits)) continue
    fitting.push(facts)
    if (merged.isChanged) changed.push(merged)
  }
  if (changed.length > 0) await client.query(updateSql, [siteId, ...rowsValues(changedParameters, changed)])
  await storeEvents(client, siteId, fitting, stored)
  return results
}

function resultOf(merged: MergedVisitor | undefined): MergedResult {
  if (!merged) return 'suppressed'
  return traitsFit(merged.row.traits) ? 'stored' : 'traits_too_large'
}

function mergeInto(before: StoredProfile, said: SaidFields): MergedVisitor {
  const wholeMs = wholeTimeOf(before)
  const fields = mergeFields(profileOf(before), said.fields, wholeMs)
  const row: VisitorRow = wholeRowOf(before.ghost_vid, fields, {
    first_seen: isoOf(Math.min(before.first_seen.getTime(), said.firstSeenMs)),
    last_seen: isoOf(Math.max(before.last_seen.getTime(), said.lastSeenMs)),
  })
  const fieldTimes = fieldTimesOf(fields, wholeMs)
  const isChanged =
    row.first_seen !== before.first_seen.toISOString() ||
    row.last_seen !== before.last_seen.toISOString() ||
    [...said.fields.keys()].some((name) => fields.get(name) === said.fields.get(name))
  return { row, fieldTimes, isChanged }
}

async function storeEvents(
  client: PoolClient,
  siteId: number,
  visitors: readonly VisitorFacts[],
  stored: ReadonlyMap<string, StoredProfile>,
): Promise<void> {
  const events = visitors.flatMap(({ ghostVid, events: own }) =>
    own.map((one) => ({ ...one, ghost_vid: ghostVid })),
  )
  const changed = await storeOwned(client, 'merge-events', storeEventsSql, siteId, eventParameters, events)
  const ids = new Set(changed.flatMap((vid) => stored.get(vid)?.id ?? []))
  await deriveSessions(client, [...ids])
}
