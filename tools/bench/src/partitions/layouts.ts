import type { Pool } from 'pg'

type PartitionedTable = 'deliveries' | 'payloads' | 'attempts'

/** A way to lay out what is kept of deliveries. */
export interface Layout {
  name: string
  /** Tables in partitions, deliveries first. */
  tables: readonly PartitionedTable[]
  /** How many days one partition holds. */
  days: number
}

/** How far back the loaded deliveries go. */
export const loadedDays = 90

export const layouts: readonly Layout[] = [
  { name: 'as it is', tables: [], days: 7 },
  { name: 'attempts by week', tables: ['attempts'], days: 7 },
  { name: 'attempts by day', tables: ['attempts'], days: 1 },
  { name: 'all three by week', tables: ['deliveries', 'payloads', 'attempts'], days: 7 },
]

/**
 * Lays tables out anew by spans of their deliveries' ids, which are spans of time. Where deliveries are in partitions,
 * nothing refers to them by a foreign key: a partition that is referred to cannot be dropped.
 */
export async function applyLayout(pool: Pool, { tables, days }: Layout): Promise<void> {
  const referring = await tablesReferring(pool)
  if (tables.includes('deliveries')) {
    for (const table of referring)
      await pool.query(`alter table ${table} drop constraint ${table}_delivery_id_fkey`)
  }
  for (const table of tables) {
    const by = table === 'deliveries' ? 'id' : 'delivery_id'
    const from = `${table}_before`
    await pool.query(`alter table ${table} rename to ${from}`)
    await pool.query(
      `create table ${table} (like ${from} including defaults including generated) partition by range (${by})`,
    )
    await copyIndexes(pool, table, from)
    await pool.query(`create table ${table}_rest partition of ${table} default`)
    for (let day = -loadedDays - 1; day <= 1; day += days) {
      const span = `from ('${idAt(day)}') to ('${idAt(day + days)}')`
      await pool.query(
        `create table ${table}_${day + loadedDays + 1} partition of ${table} for values ${span}`,
      )
    }
    const columns = await columnsOf(pool, table)
    await pool.query(`insert into ${table} (${columns}) select ${columns} from ${from}`)
    await pool.query(`drop table ${from}`)
  }
  if (tables.includes('attempts') && !tables.includes('deliveries') && referring.includes('attempts'))
    await pool.query(
      'alter table attempts add foreign key (delivery_id) references deliveries on delete cascade',
    )
}

/** Drops the partitions that hold nothing younger than so many days. */
export async function dropOlder(pool: Pool, { tables }: Layout, days: number): Promise<void> {
  const limit = idAt(-days)
  for (const table of tables) {
    const { rows } = await pool.query<{ name: string; bound: string }>(
      `select inhrelid::regclass::text as name, pg_get_expr(relpartbound, inhrelid) as bound
       from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = $1::regclass`,
      [table],
    )
    for (const { name, bound } of rows) {
      const end = /TO \('([^']+)'\)/.exec(bound)?.[1]
      if (end !== undefined && end <= limit) await pool.query(`drop table ${name}`)
    }
  }
}

/** Those whose rows go with their delivery by a foreign key. */
async function tablesReferring(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select conrelid::regclass::text as name from pg_constraint where contype = 'f' and confrelid = 'deliveries'::regclass`,
  )
  return rows.map(({ name }) => name)
}

async function copyIndexes(pool: Pool, table: string, from: string): Promise<void> {
  const { rows } = await pool.query<{ name: string; sql: string }>(
    'select indexname as name, indexdef as sql from pg_indexes where tablename = $1',
    [from],
  )
  for (const { name, sql } of rows)
    await pool.query(sql.replace(`INDEX ${name} `, 'INDEX ').replace(`public.${from} `, `public.${table} `))
}

async function columnsOf(pool: Pool, table: string): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  )
  return rows.map(({ name }) => name).join(', ')
}

/** The least id of a delivery made at the beginning of a day, counted from today. */
function idAt(day: number): string {
  const time = Math.floor(Date.now() / 86_400_000 + day) * 86_400_000
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
