import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from 'pg'
import { ListenedClient } from '../connection/listened-client.ts'

/** Prisma Migrate takes the same advisory lock, so the two never run at the same time. */
const migrateLock = 72707369
const lockPauseMs = 500
/** A migration that waits longer for a table lock gives up and tries again: it would block all later statements. */
const tableLockMs = 2_000
const tableLockTriesMax = 240
const lockNotAvailable = '55P03'

const migrationsTableSql = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`

interface Migration {
  name: string
  sql: string
  checksum: string
}

interface AppliedRow {
  name: string
  checksum: string
  finished_at: Date | null
}

/**
 * Applies `<folder>/*\/migration.sql` in order of name, as `prisma migrate deploy` does: with the same lock,
 * bookkeeping and checksums. Each file runs in one transaction. Several processes may call this at the same time.
 * @returns the names of the migrations that this call applied
 * @throws when a migration fails or failed earlier. A failing file changes nothing, unless it is one statement that
 * runs outside a transaction (`create index concurrently`)
 */
export async function migrate(
  databaseUrl: string,
  folder: string,
  warn: (message: string) => void,
): Promise<string[]> {
  const client = new ListenedClient({ connectionString: databaseUrl })
  await client.connect()
  try {
    await takeMigrateLock(client)
    await client.query(migrationsTableSql)
    const applied = await readApplied(client)
    const newlyApplied: string[] = []
    for (const migration of await readMigrations(folder)) {
      if (isApplied(migration, applied, warn)) continue
      await apply(client, migration, warn)
      newlyApplied.push(migration.name)
    }
    return newlyApplied
  } finally {
    await client.end()
  }
}

/** Polls for the lock: a query that waits for it would block the `create index concurrently` of another process. */
async function takeMigrateLock(client: Client): Promise<void> {
  const sql = 'select pg_try_advisory_lock($1) as taken'
  while (!(await client.query<{ taken: boolean }>(sql, [migrateLock])).rows[0]?.taken)
    await pause(lockPauseMs)
}

const appliedMigrationsSql = `
  select
    migration_name as name,
    checksum,
    finished_at
  from _prisma_migrations
  where rolled_back_at is null`

async function readApplied(client: Client): Promise<Map<string, AppliedRow>> {
  const { rows } = await client.query<AppliedRow>(appliedMigrationsSql)
  return new Map(rows.map((row) => [row.name, row]))
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

function isApplied(
  migration: Migration,
  applied: Map<string, AppliedRow>,
  warn: (message: string) => void,
): boolean {
  const row = applied.get(migration.name)
  if (!row) return false
  if (row.finished_at === null) {
    throw new Error(
      `Migration ${migration.name} failed earlier. Repair the database and mark it as rolled back, then start again.`,
    )
  }
  if (row.checksum !== migration.checksum)
    warn(`Migration ${migration.name} was edited after it was applied.`)
  return true
}

const beginMigrationSql = 'insert into _prisma_migrations (id, checksum, migration_name) values ($1, $2, $3)'
const failMigrationSql = 'update _prisma_migrations set logs = $2 where id = $1'
const finishMigrationSql =
  'update _prisma_migrations set finished_at = now(), applied_steps_count = 1 where id = $1'

async function apply(
  client: Client,
  { name, sql, checksum }: Migration,
  warn: (message: string) => void,
): Promise<void> {
  const id = randomUUID()
  await client.query(beginMigrationSql, [id, checksum, name])
  try {
    await runWithLockTimeout(client, sql, () =>
      warn(`Migration ${name} is waiting for a table that is in use.`),
    )
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    await client.query(failMigrationSql, [id, reason])
    throw new Error(`Migration ${name} failed: ${reason}`, { cause })
  }
  await client.query(finishMigrationSql, [id])
}

/** `create index concurrently` blocks no other statement, so it may wait for its locks without a limit. */
async function runWithLockTimeout(client: Client, sql: string, onBusy: () => void): Promise<void> {
  await client.query(`set lock_timeout = ${/\bconcurrently\b/i.test(sql) ? 0 : tableLockMs}`)
  for (let tries = 1; ; tries += 1) {
    try {
      return void (await client.query(sql))
    } catch (error) {
      if ((error as { code?: string }).code !== lockNotAvailable || tries >= tableLockTriesMax) throw error
    }
    onBusy()
    await pause(lockPauseMs)
  }
}
