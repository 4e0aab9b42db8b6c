import { randomUUID } from 'node:crypto'
import { pruneStatements } from '@ghostpost/infrastructure/database/upkeep'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase } from '@ghostpost/test-kit/test-database'
import { Pool } from 'pg'
import { cpuSecondsOfFamily } from '../process-usage.ts'
import { dropOlder, applyLayout, loadedDays, type Layout } from './layouts.ts'

/** Processor time of Postgres for one delivery, in microseconds. */
export interface StepCost {
  claim: number
  record: number
  /** Of its attempts, by its id. */
  read: number
}

export interface LayoutRun {
  postgresPid: number
  /** Finished deliveries that are there already, over 90 days. */
  loaded: number
  /** Deliveries each step is measured with in one round. */
  measured: number
}

const concurrency = 10
const prunedDays = 7
const chunk = 50_000
const body = 'x'.repeat(300)
const headers = JSON.stringify({ 'content-type': 'application/json', server: 'nginx', date: 'x'.repeat(29) })

const loadSql = `
  with made as (
    insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host, include_journey,
      include_events, requested_by, state, attempts, next_attempt_at, sweep_at, created_at, delivered_at, finished_at)
    select uuidv7(at - now()), 4, 1 + n % 2000, 'gv_' || n % 2000, 'custom', 'https://r.example/' || n % 50, 'r' || n % 50 || '.example',
      true, true, '00000000-0000-0000-0000-000000000000', 'delivered', 1, null, null, at, at, at
    from generate_series($1::int, $2::int) n
      cross join lateral (select now() - (n * ${loadedDays}.0 / $3) * interval '1 day' as at) t returning id, created_at
  ), sent as (
    insert into payloads (delivery_id, body, built_at) select id, repeat($4, 3), created_at from made
  )
  insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown, response_headers, response_body)
  select id, 1, created_at, 12, 'answered', 'delivered', false, $5::jsonb, $4 from made`

const newSql = `
  insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host, include_journey, include_events, requested_by)
  select uuidv7(), 4, 1, 'gv_1', 'custom', 'https://r.example/', 'r.example', true, true, $2 from generate_series(1, $1::int) returning id`

// What the hot path asks of these tables, in its shape: an update of one delivery, with a read or an insert beside it.
const claimSql = `
  with claimed as (
    update deliveries set state = 'delivering', claim_id = $2, sweep_at = now() where id = $1 and state = 'queued' returning *
  ) select c.*, p.body from claimed c left join payloads p on p.delivery_id = c.id`
const recordSql = `
  with settled as (
    update deliveries set state = 'delivered', attempts = 1, next_attempt_at = null, sweep_at = null, finished_at = now()
    where id = $1 and claim_id = $2 returning id
  ), sent as (insert into payloads (delivery_id, body) select id, $3 from settled)
  insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown, response_headers, response_body)
  select id, 1, now(), 12, 'answered', 'delivered', false, $4::jsonb, $3 from settled`
const readSql = 'select * from attempts where delivery_id = $1 order by number'

export interface LaidOutDatabase {
  layout: Layout
  /** Takes some deliveries through all steps but the last. */
  measure: () => Promise<StepCost>
  /** Removes what is a week too old, and measures it. */
  prune: () => Promise<number>
  close: () => Promise<void>
}

/** Loads a database and lays it out. */
export async function openLayout(layout: Layout, run: LayoutRun): Promise<LaidOutDatabase> {
  const database = await createTestDatabase()
  const pool = new Pool({ connectionString: database.url, max: concurrency })
  const user = await createUser(database, [4])
  await load(pool, run.loaded)
  await applyLayout(pool, layout)
  for (const table of ['deliveries', 'payloads', 'attempts']) await pool.query(`vacuum (analyze) ${table}`)
  return {
    layout,
    measure: () => measureSteps(pool, user.id, run),
    prune: () => measurePrune(pool, layout, run),
    close: async () => {
      await pool.end()
      await database.drop()
    },
  }
}

async function load(pool: Pool, count: number): Promise<void> {
  const client = await pool.connect()
  await client.query('set session_replication_role = replica; set synchronous_commit = off')
  for (let from = 1; from <= count; from += chunk)
    await client.query(loadSql, [from, Math.min(from + chunk - 1, count), count, body, headers])
  client.release(true)
}

async function measureSteps(
  pool: Pool,
  userId: string,
  { measured, postgresPid }: LayoutRun,
): Promise<StepCost> {
  const { rows } = await pool.query<{ id: string }>(newSql, [measured, userId])
  const claimId = randomUUID()
  const each = (name: string, text: string, more: readonly unknown[]): Promise<number> =>
    cpuOf(postgresPid, measured, () =>
      forAll(rows, (row) => pool.query({ name, text, values: [row.id, ...more] })),
    )
  await pool.query('checkpoint')
  return {
    claim: await each('claim', claimSql, [claimId]),
    record: await each('record', recordSql, [claimId, body, headers]),
    read: await each('read', readSql, []),
  }
}

/** With the pruner's own statement where rows are deleted one by one. */
async function measurePrune(pool: Pool, layout: Layout, { loaded, postgresPid }: LayoutRun): Promise<number> {
  const days = loadedDays - prunedDays
  const sql = pruneStatements.find(({ name }) => name === 'deliveries')?.sql ?? ''
  return cpuOf(postgresPid, (loaded * prunedDays) / loadedDays, async () => {
    await dropOlder(pool, layout, days)
    while (!layout.tables.includes('deliveries') && (await pool.query(sql, [days])).rowCount);
    for (const table of ['deliveries', 'payloads', 'attempts']) await pool.query(`vacuum ${table}`)
  })
}

async function forAll<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items]
  const one = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: concurrency }, one))
}

async function cpuOf(pid: number, count: number, work: () => Promise<void>): Promise<number> {
  const before = await cpuSecondsOfFamily(pid)
  await work()
  return (((await cpuSecondsOfFamily(pid)) - before) / count) * 1_000_000
}
