import type { VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import type { Pool, PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'
import { contentOf, newer, storeOwned, storeOwnedSql } from './newest-wins.ts'
import { againAfterDeadlock } from './again-after-deadlock.ts'
import {
  eventColumns,
  parametersOf,
  profileColumns,
  sessionColumns,
  utc,
  type OwnedEvent,
  type OwnedSession,
} from './visitor-rows.ts'

/** `suppressed`: the visitor was erased, so nothing is stored. */
export type StoredVisitor = 'created' | 'updated' | 'unchanged' | 'suppressed'

const profileNames = profileColumns.map(({ name }) => name)
const profileParameters: readonly RowColumn<VisitorRow>[] = [
  ['ghost_vid', 'text', (row) => row.ghost_vid],
  ['first_seen', 'timestamptz', (row) => utc(row.first_seen ?? row.last_seen)],
  ['last_seen', 'timestamptz', (row) => utc(row.last_seen)],
  ...parametersOf(profileColumns),
]
const newerProfile = newer(profileNames, (alias) => `${alias}.last_seen`, 'v')
const withJson = (name: string): string => (name === 'traits' ? 'w.traits::json' : `w.${name}`)

/**
 * Of several records of a visitor the one with the newest `last_seen` stays, in whatever order they arrive: first among
 * those of this statement, then against the stored one. `first_seen` is the oldest. A record that changes nothing
 * writes nothing. In the order of ids, so that two statements never wait for each other.
 */
const storeProfilesSql = `
  with w as (
    select distinct on (ghost_vid)
      w.*,
      min(first_seen) over (partition by ghost_vid) as oldest_seen
    from ${rowsSql(profileParameters, 'w', 2)}
    order by
      ghost_vid,
      last_seen desc,
      ${contentOf('w', profileNames)} desc
  )
  insert into visitors as v (
    site_id,
    ghost_vid,
    first_seen,
    last_seen,
    ${profileNames.join(',\n    ')}
  )
  select
    $1,
    w.ghost_vid,
    w.oldest_seen,
    w.last_seen,
    ${profileNames.map(withJson).join(',\n    ')}
  from w
  order by w.ghost_vid
  on conflict (site_id, ghost_vid) do update set
    first_seen = least(v.first_seen, excluded.first_seen),
    ${['last_seen', ...profileNames]
      .map((name) => `${name} = case when ${newerProfile} then excluded.${name} else v.${name} end`)
      .join(',\n    ')},
    field_times = case when ${newerProfile} then null else v.field_times end
  where excluded.first_seen < v.first_seen
    or ${newerProfile}
  returning
    ghost_vid,
    xmax = 0 as is_new`

const storedSql = `
  select ghost_vid
  from visitors
  where site_id = $1
    and ghost_vid = any($2)`

const sessionParameters: readonly RowColumn<OwnedSession>[] = [
  ['ghost_vid', 'text', (row) => row.ghost_vid],
  ['session_id', 'text', (row) => row.session_id],
  ...parametersOf(sessionColumns),
]
const storeSessionsSql = storeOwnedSql(
  'visitor_sessions',
  'session_id',
  sessionColumns.map(({ name }) => name),
  rowsSql(sessionParameters, 'w', 2),
  (alias) => `coalesce(${alias}.ended_at, ${alias}.started_at)`,
)

const eventParameters: readonly RowColumn<OwnedEvent>[] = [
  ['ghost_vid', 'text', (row) => row.ghost_vid],
  ['event_id', 'text', (row) => row.event_id],
  ...parametersOf(eventColumns),
]
const storeEventsSql = storeOwnedSql(
  'events',
  'event_id',
  eventColumns.map(({ name }) => name),
  rowsSql(eventParameters, 'w', 2),
  (alias) => `${alias}.occurred_at`,
)

/**
 * Stores visitors of one site with their sessions and events, all or none. Storing the same again changes nothing, and
 * the order in which records arrive does not matter.
 * @param rows checked by their schema and by `problemsOfVisitor`
 * @returns what happened to each visitor, by its id
 */
export async function storeVisitors(
  database: Pick<Database, 'pool'>,
  siteId: number,
  rows: readonly VisitorRow[],
): Promise<Map<string, StoredVisitor>> {
  return againAfterDeadlock(() => storeOnce(database, siteId, rows))
}

async function storeOnce(
  database: Pick<Database, 'pool'>,
  siteId: number,
  rows: readonly VisitorRow[],
): Promise<Map<string, StoredVisitor>> {
  const sessions = rows.flatMap(({ ghost_vid, sessions: own = [] }) =>
    own.map((one) => ({ ...one, ghost_vid })),
  )
  const events = rows.flatMap(({ ghost_vid, events: own = [] }) => own.map((one) => ({ ...one, ghost_vid })))
  // One statement needs no transaction of its own.
  if (sessions.length === 0 && events.length === 0) return storeProfiles(database.pool, siteId, rows)
  return inTransaction(database, async (client) => {
    const results = await storeProfiles(client, siteId, rows)
    const changed = [
      ...(await storeOwned(client, 'store-sessions', storeSessionsSql, siteId, sessionParameters, sessions)),
      ...(await storeOwned(client, 'store-events', storeEventsSql, siteId, eventParameters, events)),
    ]
    for (const vid of changed) if (results.get(vid) === 'unchanged') results.set(vid, 'updated')
    return results
  })
}

async function storeProfiles(
  queries: Pool | PoolClient,
  siteId: number,
  rows: readonly VisitorRow[],
): Promise<Map<string, StoredVisitor>> {
  const values = [siteId, ...rowsValues(profileParameters, rows)]
  const stored = await queries.query<{ ghost_vid: string; is_new: boolean }>({
    name: 'store-profiles',
    text: storeProfilesSql,
    values,
  })
  const results = new Map<string, StoredVisitor>()
  for (const { ghost_vid: vid, is_new: isNew } of stored.rows) results.set(vid, isNew ? 'created' : 'updated')
  const rest = [...new Set(rows.map((row) => row.ghost_vid))].filter((vid) => !results.has(vid))
  if (rest.length === 0) return results
  const known = await queries.query<{ ghost_vid: string }>(storedSql, [siteId, rest])
  const existing = new Set(known.rows.map((row) => row.ghost_vid))
  for (const vid of rest) results.set(vid, existing.has(vid) ? 'unchanged' : 'suppressed')
  return results
}
