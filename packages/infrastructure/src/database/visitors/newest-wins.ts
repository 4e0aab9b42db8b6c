import type { PoolClient } from 'pg'
import { byKey } from '../connection/look-ups.ts'
import { rowsValues, type RowColumn } from '../connection/row-arrays.ts'

const columnsOf = (alias: string, names: readonly string[]): string =>
  names.map((name) => `${alias}.${name}`).join(',\n      ')

/** A text that differs when any of the columns does: it decides between two records of the same time. */
export const contentOf = (alias: string, names: readonly string[]): string =>
  `jsonb_build_array(${names.map((name) => comparable(alias, name)).join(', ')})::text collate "C"`

const comparable = (alias: string, name: string): string =>
  name === 'traits' ? `${alias}.traits::text` : `${alias}.${name}`

export const newer = (
  names: readonly string[],
  timeOf: (alias: string) => string,
  stored: string,
): string => {
  const [ours, theirs] = [timeOf(stored), timeOf('excluded')]
  return `(
    ${theirs} > ${ours}
    or ${theirs} = ${ours} and ${contentOf('excluded', names)} > ${contentOf(stored, names)}
  )`
}

/** Inserts records that belong to a visitor, or replaces those that are older. */
export function storeOwnedSql(
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
  select distinct on (w.ghost_vid, w.${idName})
    v.id,
    w.${idName},
    ${columnsOf('w', names)}
  from ${parameters}
  cross join lateral (
    select id
    from visitors
    ${byKey('ghost_vid', 'w.ghost_vid', [['site_id', '$1']])}
  ) v
  order by
    w.ghost_vid,
    w.${idName},
    ${timeOf('w')} desc,
    ${contentOf('w', names)} desc
  on conflict (visitor_id, ${idName}) do update set
    ${names.map((name) => `${name} = excluded.${name}`).join(',\n    ')}
  where ${newer(names, timeOf, 's')}
  returning (select ghost_vid from visitors ${byKey('id', 's.visitor_id')})`
}

/** The ids of the visitors for whom something was stored. */
export async function storeOwned<Row>(
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
