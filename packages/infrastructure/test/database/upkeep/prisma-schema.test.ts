import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parsePrismaSchema, type TableLines } from './parse-prisma-schema.ts'

const schema = readFileSync(join(import.meta.dirname, '../../../../../prisma/schema.prisma'), 'utf8')

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

// Prisma cannot describe generated columns, partial indexes and indexes of expressions: only the migrations have them.
const describeTablesSql = `
  with tables as (
    select oid, relname
    from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> '_prisma_migrations'
  ),
  columns as (
    select attrelid,
      concat_ws(
        ' ',
        'column',
        attname,
        format_type(atttypid, atttypmod),
        case when attnotnull then 'not null' end,
        case when atthasdef then 'default' end
      ) as line
    from pg_attribute
    where attnum > 0 and not attisdropped and attgenerated = ''
  ),
  indexes as (
    select indrelid,
      concat(
        case when indisprimary then 'primary key' when indisunique then 'unique' else 'index' end,
        ' (',
        (
          select string_agg(
            pg_get_indexdef(indexrelid, position::int, true)
              || case when indoption[position - 1] & 1 = 1 then ' desc' else '' end,
            ', ' order by position
          )
          from generate_series(1, indnkeyatts) position
        ),
        ')'
      ) as line
    from pg_index
    where indpred is null and indexprs is null
  ),
  foreign_keys as (
    select conrelid,
      concat(
        'foreign key (',
        (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]),
        ') to ',
        confrelid::regclass,
        ' on delete ',
        case confdeltype when 'c' then 'cascade' when 'n' then 'set null' else confdeltype::text end
      ) as line
    from pg_constraint
    where contype = 'f'
  )
  select t.relname as table, d.line
  from tables t
  join (select * from columns union all select * from indexes union all select * from foreign_keys) d
    on d.attrelid = t.oid`

async function describeTables(): Promise<TableLines> {
  const { rows } = await database.pool.query<{ table: string; line: string }>(describeTablesSql)
  const tables = Map.groupBy(rows, ({ table }) => table)
  return Object.fromEntries(
    [...tables].map(([table, lines]) => [table, lines.map(({ line }) => line).toSorted()]),
  )
}

/** The lines of both that differ; an index that only the database has is allowed. */
function compareTables(
  models: TableLines,
  tables: TableLines,
): { notMigrated: string[]; notInSchema: string[] } {
  const flat = (all: TableLines): string[] =>
    Object.entries(all).flatMap(([table, lines]) => lines.map((line) => `${table}: ${line}`))
  const [declared, found] = [flat(models), flat(tables)]
  return {
    notMigrated: declared.filter((line) => !found.includes(line)),
    notInSchema: found.filter((line) => !declared.includes(line) && !line.includes(': index (')),
  }
}

/** The trigger `deliveries_forgotten` deletes these rows instead, because checking a key costs every attempt a lock. */
const replacedByTrigger = [
  'payloads: foreign key (delivery_id) to deliveries on delete cascade',
  'attempts: foreign key (delivery_id) to deliveries on delete cascade',
]

test('the migrations make every table, column, key and index of schema.prisma', async () => {
  expect(compareTables(parsePrismaSchema(schema), await describeTables())).toEqual({
    notMigrated: replacedByTrigger,
    notInSchema: [],
  })
})

test('a field or an index without a migration is found, as is a column that the schema lacks', async () => {
  const edited = schema
    .replace('  browser          String?\n', '  colour           String?\n')
    .replace('  @@index([visitorId, occurredAt(sort: Desc), id(sort: Desc)])', '  @@index([visitorId, page])')
  expect(compareTables(parsePrismaSchema(edited), await describeTables())).toEqual({
    notMigrated: ['visitors: column colour text', 'events: index (visitor_id, page)', ...replacedByTrigger],
    notInSchema: ['visitors: column browser text'],
  })
})
