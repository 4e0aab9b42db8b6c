import type { Database } from '../connection/open-database.ts'

/** Tables with fewer rows are left to autovacuum: no plan makes them slow. */
const rowsMin = 100
const growthMin = 10

/** Tables that have at least ten times the rows that the planner knows of, and that this user may analyze. */
const grownSql = `
  select c.oid::regclass::text as name
  from pg_stat_user_tables s
  join pg_class c on c.oid = s.relid
  where s.n_live_tup >= ${rowsMin}
    and s.n_live_tup >= ${growthMin} * greatest(c.reltuples, 0)
    and c.relnamespace = current_schema()::regnamespace
    and pg_has_role(c.relowner, 'usage')
  order by s.n_live_tup desc`

/**
 * Analyzes tables that have grown tenfold, so that plans are made again that were made for small tables. Autovacuum
 * does the same, up to a minute later. Skips a table that is being analyzed already.
 * @returns the names of the tables, in SQL
 */
export async function analyzeGrown({ pool }: Pick<Database, 'pool'>): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(grownSql)
  for (const { name } of rows) await pool.query(`analyze (skip_locked) ${name}`)
  return rows.map(({ name }) => name)
}
