import { randomUUID } from 'node:crypto'
import { openDatabase, type Database } from '@ghostpost/infrastructure/database/connection'
import { createApiKey, createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runHotPath, type HotPathContext, type Measure } from './hot-path.ts'
import { emptyTables, loadRows } from './load-rows.ts'

/** Enough for a scan of a whole index to show: each look-up reads some blocks, and each index has hundreds. */
const rows = 20_000
const runs = 4

let admin: TestDatabase

beforeEach(async () => {
  admin = await createTestDatabase()
})

afterEach(() => admin.drop())

/** One connection, as a worker has several of. */
const openSession = (): Database =>
  openDatabase({
    url: admin.url,
    poolMax: 1,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 60_000,
    applicationName: 'test',
    preferIndexes: true,
    onIdleError: () => {},
  })

async function createContext(): Promise<HotPathContext> {
  const { id } = await createUser(admin, [4])
  const [operationId, destinationId] = [randomUUID(), randomUUID()]
  await admin.pool.query(
    `insert into destinations (id, site_id, name, webhook_type, receiver_host, sealed, created_by)
     values ($1, 4, 'own', 'hubspot', 'example.com', '\\x', $1)`,
    [destinationId],
  )
  await admin.pool.query(
    `insert into operations (
       id, site_id, kind, state, selection, selection_key, rate, canary, matched, watermark, created_by
     )
     values ($1, 4, 'resend', 'running', '{}', 'own', 1, 'none', 1, now(), $1)`,
    [operationId],
  )
  const [sessionToken, apiKey] = [await createSessionToken(admin, id), await createApiKey(admin, id)]
  return { userId: id, sessionToken, apiKey, operationId, destinationId }
}

const blocksSql = `
  select sum(
    heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit, 0) + coalesce(idx_blks_read, 0)
    + coalesce(toast_blks_hit, 0) + coalesce(toast_blks_read, 0)
  )::int as blocks
  from pg_statio_user_tables`

/** The blocks of all tables and indexes that have been read, those of foreign keys and triggers included. */
async function readBlocks(session: Database): Promise<number> {
  await session.pool.query('select pg_stat_force_next_flush()')
  const { rows: found } = await admin.pool.query<{ blocks: number }>(blocksSql)
  return found[0]?.blocks ?? 0
}

/** Blocks of each kind of statement in its cheapest run: a plan costs the same each time, and page splits do not. */
async function measureBlocks(session: Database, context: HotPathContext): Promise<Map<string, number>> {
  const least = new Map<string, number>()
  for (let run = 0; run < runs; run += 1) {
    const sums = new Map<string, number>()
    const measure: Measure = async (name, execute) => {
      const before = await readBlocks(session)
      const result = await execute()
      sums.set(name, (sums.get(name) ?? 0) + (await readBlocks(session)) - before)
      return result
    }
    await runHotPath(session, context, measure, admin)
    for (const [name, sum] of sums) least.set(name, Math.min(sum, least.get(name) ?? Infinity))
  }
  return least
}

const withoutMeasure: Measure = (_name, run) => run()

test.each(['never analyzed', 'analyzed', 'analyzed with a few rows'])(
  'plans made on empty tables that were %s cost as much as those of a new session',
  async (state) => {
    await emptyTables(admin)
    const context = await createContext()
    if (state === 'analyzed with a few rows') await runHotPath(admin, context, withoutMeasure, admin)
    if (state !== 'never analyzed') await admin.pool.query('analyze')
    const old = openSession()
    // Postgres keeps a plan from the sixth execution on.
    for (let run = 0; run < 7; run += 1) await runHotPath(old, context, withoutMeasure, admin)
    await loadRows(admin, rows, context)
    const blocks = await measureBlocks(old, context)
    await old.close()
    await admin.pool.query('analyze')
    const fresh = openSession()
    const expected = await measureBlocks(fresh, context)
    await fresh.close()
    const dearer = [...blocks].filter(([name, count]) => count > (expected.get(name) ?? 0) * 1.15 + 2)
    expect(dearer.map(([name, count]) => ({ name, count, expected: expected.get(name) }))).toEqual([])
    // Not vacuous: each statement reads blocks.
    expect(Math.min(...blocks.values())).toBeGreaterThan(0)
  },
  180_000,
)
