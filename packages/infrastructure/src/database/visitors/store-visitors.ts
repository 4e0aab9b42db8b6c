import type { VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import type { Pool, PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'
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

const triesMax = 5
const deadlock = '40P01'

const columnsOf = (alias: string, names: readonly string[]): string =>
  names.map((name) => `${alias}.${name}`).join(',\n      ')

/** A text that differs when any of the columns does: it decides between two records of the same time. */
const contentOf = (alias: string, names: readonly string[]): string =>
  `jsonb_build_array(${names.map((name) => comparable(alias, name)).join(', ')})::text collate "C"`

const comparable = (alias: string, name: string): string =>
  name === 'traits' ? `${alias}.traits::text` : `${alias}.${name}`

const newer = (names: readonly string[], timeOf: (alias: string) => string, stored: string): string => {
  const [ours, theirs] = [timeOf(stored), timeOf('excluded')]
  return `(
    ${theirs} > ${ours}
    or ${theirs} = ${ours} and ${contentOf('excluded', names)} > ${contentOf(stored, names)}
  )`
}

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
      .join(',\n    ')}
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

/** Inserts records that belong to a visitor, or replaces those that are older. */
function storeOwnedSql(
  table: 'visitor_sessions' | 'events',
  idName: 'session_id' | 'event_id',
  names: readonly string[],
  parameters: string,
  timeOf: (alias: string) => string,
): string {
  return `
  insert into ${table} as s (
    visitor_id,
    ${idName},
    ${names.join(',\n    ')}
  )
  select distinct on (v.ghost_vid, w.${idName})
    v.id,
    w.${idName},
    ${columnsOf('w', names)}
  from ${parameters}
  join visitors v on v.site_id = $1 and v.ghost_vid = w.ghost_vid
  order by
    v.ghost_vid,
    w.${idName},
    ${timeOf('w')} desc,
    ${contentOf('w', names)} desc
  on conflict (visitor_id, ${idName}) do update set
    ${names.map((name) => `${name} = excluded.${name}`).join(',\n    ')}
  where ${newer(names, timeOf, 's')}
  returning (select ghost_vid from visitors where id = s.visitor_id)`
}

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
  for (let tries = 1; ; tries += 1) {
    try {
      return await storeOnce(database, siteId, rows)
    } catch (error) {
      // Another program may write the same visitors in another order. Postgres ends one of the two.
      const isDeadlock = error instanceof Error && 'code' in error && error.code === deadlock
      if (!isDeadlock || tries === triesMax) throw error
    }
  }
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

/** The ids of the visitors for whom something was stored. */
async function storeOwned<Row>(
  client: PoolClient,
  name: string,
  text: string,
  siteId: number,
  parameters: readonly RowColumn<Row>[],
  rows: readonly Row[],
): Promise<string[]> {
  if (rows.length === 0) return []
  const values = [siteId, ...rowsValues(parameters, rows)]
  const stored = await client.query<{ ghost_vid: string }>({ name, text, values })
  return stored.rows.map((row) => row.ghost_vid)
}
