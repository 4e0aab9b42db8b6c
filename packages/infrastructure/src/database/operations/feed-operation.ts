import {
  feedOperation,
  type CanaryCounts,
  type FeedingOperation,
  type FeedPorts,
  type FeedProgress,
  type MemberPage,
  type StartedCounts,
} from '@ghostpost/delivery/operations'
import type { DueDelivery } from '@ghostpost/delivery/deliver'
import { canarySize } from '@ghostpost/delivery/contract/operations'
import type { PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { searchBounded } from '../log/bounded-search.ts'
import { membersSql, readSelection } from './operation-selection.ts'
import { tallyOperation } from './operation-tally.ts'
import { listNeverBegun } from './cancel-members.ts'
import { startMembers, type StartingOperation } from './start-members.ts'

/** The deliveries that one step of an operation has made due. */
export interface FeedResult {
  operationId: string
  siteId: number
  deliveries: readonly DueDelivery[]
}

interface OperationRow
  extends StartingOperation, Pick<FeedingOperation, 'state' | 'rate' | 'canary' | 'matched'> {
  selection: Record<string, unknown>
  cursor: string | null
  fed: number
  all_fed: boolean
  credit_ms: number
}

/** How many rows one step may read to check a filter that no index answers. */
const scanMax = 10_000
const feedEveryMs = 200

/**
 * Runs one step of the operation that has waited longest, in one transaction. Several workers may call this: the lock
 * lets one worker at a time feed an operation.
 * @returns null when no operation is due
 */
export async function feedNextOperation(
  database: Pick<Database, 'pool'>,
  sweepAfterMs: number,
): Promise<FeedResult | null> {
  return inTransaction(database, async (client) => {
    const row = await takeOperation(client)
    if (!row) return null
    const deliveries = await feedOperation(operationOf(row), feedPorts(database, client, row, sweepAfterMs))
    return { operationId: row.id, siteId: row.site_id, deliveries }
  })
}

const takeOperationSql = `
  select
    id,
    site_id,
    kind,
    destination_id,
    include_recovered,
    created_by,
    watermark,
    state,
    selection,
    rate,
    canary,
    matched,
    cursor,
    fed,
    all_fed,
    extract(epoch from now() - coalesce(paced_at, fed_at, now()))::float * 1000 as credit_ms
  from operations
  where finished_at is null
    and state in ('running', 'cancelled')
    and (fed_at is null or fed_at < now() - interval '${feedEveryMs} ms')
  order by fed_at nulls first
  limit 1
  for update skip locked`

async function takeOperation(client: PoolClient): Promise<OperationRow | null> {
  const { rows } = await client.query<OperationRow>(takeOperationSql)
  const row = rows[0]
  if (!row) return null
  await client.query('update operations set fed_at = now() where id = $1', [row.id])
  return row
}

function operationOf(row: OperationRow): FeedingOperation {
  return { ...row, allFed: row.all_fed, creditMs: row.credit_ms }
}

function feedPorts(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  row: OperationRow,
  sweepAfterMs: number,
): FeedPorts {
  return {
    countStarted: () => countStarted(client, row.id),
    countCanary: () => countCanary(client, row.id),
    storeCanary: async (verdict) => {
      const pauseReason = verdict.canary === 'failed' ? verdict.pauseReason : null
      await client.query(storeCanarySql, [row.id, verdict.canary, pauseReason])
    },
    findMembers: (cursor, limit) => findMembers(database, client, row, cursor, limit),
    startMembers: (members, fed) => startMembers(client, row, { members, fed, sweepAfterMs }),
    storeProgress: (progress) => storeProgress(client, row.id, progress),
    listNeverBegun: (members, fed) => listNeverBegun(client, row, members, fed),
    cancelWaiting: async (limit) => void (await client.query(cancelWaitingSql, [row.id, limit])),
    finish: (state) => finish(client, row.id, state),
  }
}

const countStartedSql = `
  select
    (
      select count(*)::int
      from (
        select
        from operation_items
        where operation_id = $1
          and outcome <> 'skipped'
        limit ${canarySize}
      ) first_few
    ) as started,
    (
      select count(*)::int
      from operation_items
      where operation_id = $1
        and outcome = 'waiting'
    ) as waiting,
    (
      select count(*)::int
      from deliveries
      where operation_id = $1
        and next_attempt_at is not null
        and attempts = series_start
    ) as untried`

async function countStarted(client: PoolClient, id: string): Promise<StartedCounts> {
  const { rows } = await client.query<StartedCounts>(countStartedSql, [id])
  return rows[0] ?? { started: 0, untried: 0, waiting: 0 }
}

const countCanarySql = `
  select
    count(*)::int as started,
    count(*) filter (
      where i.outcome <> 'waiting' or d.attempts > d.series_start
    )::int as tried,
    count(*) filter (
      where i.outcome = 'failed' or (i.outcome = 'waiting' and d.attempts > d.series_start)
    )::int as failed
  from operation_items i
  left join deliveries d on d.id = i.delivery_id
  where i.operation_id = $1
    and i.outcome <> 'skipped'`

async function countCanary(client: PoolClient, id: string): Promise<CanaryCounts> {
  const { rows } = await client.query<CanaryCounts>(countCanarySql, [id])
  return rows[0] ?? { started: 0, tried: 0, failed: 0 }
}

const storeCanarySql = `
  update operations
  set
    canary = $2,
    state = case when $3::text is null then state else 'paused' end,
    state_reason = $3
  where id = $1`

const storeProgressSql = `
  update operations
  set
    cursor = $2,
    fed = $3,
    all_fed = $4,
    canary = case when $5 then 'running' else canary end,
    paced_at = coalesce(now() - $6::float * interval '1 ms', paced_at, now())
  where id = $1`

async function storeProgress(client: PoolClient, id: string, progress: FeedProgress): Promise<void> {
  const { cursor, fed, allFed, isCanaryStarted, creditMs } = progress
  await client.query(storeProgressSql, [id, cursor, fed, allFed, isCanaryStarted, creditMs])
}

async function findMembers(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  { site_id, selection, watermark }: OperationRow,
  cursor: string | null,
  limit: number,
): Promise<MemberPage> {
  const sql = await membersSql(database, site_id, readSelection(selection), watermark)
  if (sql === null) return { members: [], cursor, isEnd: true }
  const { from, leading, rest, idType } = sql
  const values = [...sql.values]
  const after = cursor === null ? [] : [`id > $${values.push(cursor)}::${idType}`]
  const { rows, stoppedAt } = await searchBounded<{ id: string; ghost_vid: string; visitor_id: string }>(
    client,
    {
      from,
      columns: `id::text, ghost_vid, ${from === 'visitors' ? 'id' : 'visitor_id'}::text as visitor_id`,
      leading: [...leading, ...after],
      rest,
      values,
      order: 'asc',
      limit,
      scanMax,
    },
  )
  const isFull = rows.length === limit
  return {
    members: rows.map((row) => ({ id: row.id, ghostVid: row.ghost_vid, visitorId: row.visitor_id })),
    cursor: (isFull ? rows.at(-1)?.id : stoppedAt) ?? cursor,
    isEnd: !isFull && stoppedAt === null,
  }
}

const cancelWaitingSql = `
  with waiting as (
    select id
    from deliveries
    where operation_id = $1
      and state in ('queued', 'retrying')
    order by id
    limit $2
    for update skip locked
  ), cancelled as (
    update deliveries d
    set
      state = 'cancelled',
      next_attempt_at = null,
      sweep_at = null,
      finished_at = now()
    from waiting w
    where d.id = w.id
    returning d.id
  )
  update operation_items i
  set outcome = 'cancelled'
  from cancelled c
  where i.operation_id = $1
    and i.delivery_id = c.id
    and i.outcome = 'waiting'`

const finishSql = `
  update operations
  set
    state = $2,
    finished_at = now(),
    tally = $3
  where id = $1`

async function finish(client: PoolClient, id: string, state: 'completed' | 'cancelled'): Promise<void> {
  const tally = await tallyOperation(client, id)
  await client.query(finishSql, [id, state, JSON.stringify(tally)])
}
