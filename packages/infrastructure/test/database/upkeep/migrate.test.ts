import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@ghostpost/infrastructure/database/upkeep'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, beforeEach, expect, test } from 'vitest'

let database: TestDatabase
let folder: string
const warnings: string[] = []
const warn = (message: string): void => void warnings.push(message)

beforeEach(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-migrations-'))
  warnings.length = 0
})

afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

async function writeMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'migration.sql'), sql)
}

async function readBookkeeping(
  name: string,
): Promise<{ finished_at: Date | null; logs: string | null } | undefined> {
  const sql = 'select finished_at, logs from _prisma_migrations where migration_name = $1'
  return (await database.pool.query(sql, [name])).rows[0]
}

test('migrate applies the missing migrations in order, and each once', async () => {
  await writeMigration('2_second', 'insert into made values (2)')
  await writeMigration('1_first', 'create table made (n int)')
  expect(await migrate(database.url, folder, warn)).toEqual(['1_first', '2_second'])
  expect(await migrate(database.url, folder, warn)).toEqual([])
  expect((await database.pool.query('select n from made')).rows).toEqual([{ n: 2 }])
})

test('several processes that migrate at the same time apply each migration once', async () => {
  await writeMigration('1_first', 'create table made (n int); insert into made values (1)')
  const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, folder, warn)))
  expect(runs.flat()).toEqual(['1_first'])
})

test('a failing migration changes nothing, and the next start names the remedy', async () => {
  await writeMigration('1_broken', 'create table half (n int); select 1/0')
  await expect(migrate(database.url, folder, warn)).rejects.toThrow(
    'Migration 1_broken failed: division by zero',
  )
  expect((await database.pool.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }])
  expect(await readBookkeeping('1_broken')).toMatchObject({ finished_at: null, logs: 'division by zero' })
  await expect(migrate(database.url, folder, warn)).rejects.toThrow('failed earlier')
})

test('migrate warns of a file that was edited after it was applied', async () => {
  await writeMigration('1_first', 'select 1')
  await migrate(database.url, folder, warn)
  await writeMigration('1_first', 'select 2')
  expect(await migrate(database.url, folder, warn)).toEqual([])
  expect(warnings).toEqual(['Migration 1_first was edited after it was applied.'])
})

test('a migration does not block the users of a table, and changes it once they have finished', async () => {
  await database.pool.query('create table used (n int)')
  await writeMigration('1_first', 'alter table used add column note text')
  const reader = await database.pool.connect()
  await reader.query('begin; select * from used')
  const migrated = migrate(database.url, folder, warn)
  await waitUntil('it says that it waits', () => warnings.length > 0)
  expect(warnings[0]).toBe('Migration 1_first is waiting for a table that is in use.')
  await database.pool.query('insert into used (n) values (1)')
  await reader.query('commit')
  reader.release()
  expect(await migrated).toEqual(['1_first'])
  expect((await database.pool.query('select note from used')).rows).toEqual([{ note: null }])
})

test('a migration creates an index concurrently while other processes wait to migrate', async () => {
  await database.pool.query('create table used (n int); insert into used select generate_series(1, 1000)')
  await writeMigration(
    '1_index',
    '-- Made while the table is in use.\ncreate index concurrently used_idx on used (n);',
  )
  const runs = await Promise.all([1, 2, 3].map(() => migrate(database.url, folder, warn)))
  expect(runs.flat()).toEqual(['1_index'])
  const valid = `select indisvalid from pg_index where indexrelid = 'used_idx'::regclass`
  expect((await database.pool.query(valid)).rows).toEqual([{ indisvalid: true }])
})
