import {
  hasCanaryPassed,
  startableMembers,
  membersPerStepMax,
  creditAfter,
} from '@ghostpost/delivery/operations'
import { canarySize } from '@ghostpost/delivery/contract/operations'
import type { PoolClient } from 'pg'
import { beginMembers, type FeedingOperation, type FedDelivery, type Member } from './begin-members.ts'
import { searchBounded } from '../log/bounded-search.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import { membersSql, readSelection } from './operation-selection.ts'
import { tallyOperation } from './operation-tally.ts'
import type { Database } from '../connection/open-database.ts'

/** What one step of an operation has made due. */
export interface FeedResult {
  operationId: string
  siteId: number
  deliveries: readonly FedDelivery[]
}

interface OperationRow extends FeedingOperation {
  state: 'running' | 'cancelled'
  selection: Record<string, unknown>
  rate: number
  canary: 'off' | 'pending' | 'running' | 'passed' | 'failed'
  matched: number
  cursor: string | null
  fed: number
  all_fed: boolean
  unused_ms: number
}

/** How many members one step may look at when a filter has to be checked row by row. */
const scanMax = 10_000
const feedEveryMs = 200

/**
 * Feeds the operation that has waited longest: takes its next members, writes them into the ledger and makes their
 * deliveries due, in one transaction. Several workers may call this; each operation is fed by one at a time.
 * @returns what is to be rung for, or null when no operation was due to be fed
 */
export async function feedOperation(
  database: Pick<Database, 'pool'>,
  sweepAfterMs: number,
): Promise<FeedResult | null> {
  return inTransaction(database, async (client) => {
    const operation = await takeOperation(client)
    if (!operation) return null
    const deliveries = await runStep(database, client, operation, sweepAfterMs)
    return { operationId: operation.id, siteId: operation.site_id, deliveries }
  })
}

async function takeOperation(client: PoolClient): Promise<OperationRow | null> {
  const { rows } = await client.query<OperationRow>(
    `select
       id,
       site_id,
       kind,
       destination_id,
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
       extract(epoch from now() - coalesce(paced_at, fed_at, now()))::float * 1000 as unused_ms
     from operations
     where finished_at is null and state in ('running', 'cancelled')
       and (fed_at is null or fed_at < now() - interval '${feedEveryMs} ms')
     order by fed_at nulls first limit 1 for update skip locked`,
  )
  return rows[0] ?? null
}

async function runStep(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  operation: OperationRow,
  sweepAfterMs: number,
): Promise<readonly FedDelivery[]> {
  await client.query('update operations set fed_at = now() where id = $1', [operation.id])
  if (operation.state === 'cancelled') return cancelBegun(client, operation)
  if (operation.canary === 'running') return judgeCanary(client, operation)
  const begun = await countBegun(client, operation.id)
  if (operation.all_fed) {
    if (begun.waiting === 0) await finish(client, operation.id, 'completed')
    return []
  }
  const { rate, unused_ms: unusedMs, canary } = operation
  const canaryLeft = canary === 'pending' ? canarySize - begun.all : null
  const left = operation.matched - operation.fed
  const room = startableMembers({ rate, creditMs: unusedMs, ...begun, left, canaryLeft })
  return room > 0 ? feedMembers(database, client, operation, room, sweepAfterMs) : []
}

interface BegunCounts {
  /** Not skipped; counted no further than a canary's size. */
  all: number
  untried: number
  waiting: number
}

async function countBegun(client: PoolClient, id: string): Promise<BegunCounts> {
  const { rows } = await client.query<BegunCounts>(
    `select (select count(*)::int from (select from operation_items where operation_id = $1 and outcome <> 'skipped' limit ${canarySize}) first_few) as all,
       (select count(*)::int from operation_items where operation_id = $1 and outcome = 'waiting') as waiting,
       (select count(*)::int from deliveries where operation_id = $1 and next_attempt_at is not null and attempts = series_start) as untried`,
    [id],
  )
  return rows[0] ?? { all: 0, untried: 0, waiting: 0 }
}

async function finish(client: PoolClient, id: string, state: 'completed' | 'cancelled'): Promise<void> {
  const tally = await tallyOperation(client, id)
  const values = [id, state, JSON.stringify(tally)]
  await client.query(
    'update operations set state = $2, finished_at = now(), tally = $3 where id = $1',
    values,
  )
}

/** The first few have all been tried once: good enough to go on, or not. */
async function judgeCanary(client: PoolClient, { id }: OperationRow): Promise<readonly FedDelivery[]> {
  const { rows } = await client.query<{ all: number; tried: number; bad: number }>(
    `select count(*)::int as all, count(*) filter (where i.outcome <> 'waiting' or d.attempts > d.series_start)::int as tried,
       count(*) filter (where i.outcome = 'failed' or (i.outcome = 'waiting' and d.attempts > d.series_start))::int as bad
     from operation_items i left join deliveries d on d.id = i.delivery_id where i.operation_id = $1 and i.outcome <> 'skipped'`,
    [id],
  )
  const { all, tried, bad } = rows[0] ?? { all: 0, tried: 0, bad: 0 }
  if (tried < all) return []
  const failed = !hasCanaryPassed({ tried, bad })
  await client.query(
    `update operations set canary = $2, state = case when $3 then 'paused' else state end,
       state_reason = case when $3 then $4 end where id = $1`,
    [id, failed ? 'failed' : 'passed', failed, `canary: ${bad} of the first ${all} failed`],
  )
  return []
}

/** Begins as many as there is room for. Those that are skipped take none, but a step looks at no more than so many. */
async function feedMembers(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  operation: OperationRow,
  room: number,
  sweepAfterMs: number,
): Promise<readonly FedDelivery[]> {
  const begun: FedDelivery[] = []
  let { cursor, fed } = operation
  let isEnd = false
  while (!isEnd && begun.length < room && fed - operation.fed < membersPerStepMax) {
    const next = await nextMembers(database, client, { ...operation, cursor, fed }, room - begun.length)
    begun.push(...(await beginMembers(client, operation, next.members, { fed, sweepAfterMs })))
    fed += next.members.length
    cursor = next.cursor
    isEnd = next.isEnd || fed >= operation.matched
    if (next.members.length === 0) break
  }
  await storeProgress(client, operation, { cursor, fed, isEnd, begun: begun.length })
  return begun
}

interface FeedProgress {
  cursor: string | null
  fed: number
  isEnd: boolean
  begun: number
}

async function storeProgress(
  client: PoolClient,
  { id, rate, unused_ms: unusedMs, canary }: OperationRow,
  { cursor, fed, isEnd, begun }: FeedProgress,
): Promise<void> {
  const isCanaryBegun = canary === 'pending' && (isEnd || (await countBegun(client, id)).all >= canarySize)
  await client.query(
    `update operations set cursor = $2, fed = $3, all_fed = $4, canary = case when $5 then 'running' else canary end,
       paced_at = case when $6::int > 0 then now() - $7::float * interval '1 ms' else coalesce(paced_at, now()) end
     where id = $1`,
    [id, cursor, fed, isEnd, isCanaryBegun, begun, creditAfter(rate, unusedMs, begun)],
  )
}

async function nextMembers(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  { site_id, selection, watermark, cursor, matched, fed }: OperationRow,
  room: number,
): Promise<{ members: Member[]; cursor: string | null; isEnd: boolean }> {
  const sql = await membersSql(database, site_id, readSelection(selection), watermark)
  if (sql === null) return { members: [], cursor, isEnd: true }
  const { from, leading, rest, idType } = sql
  const values = [...sql.values]
  const after = cursor === null ? [] : [`id > $${values.push(cursor)}::${idType}`]
  const limit = Math.min(room, Math.max(matched - fed, 1))
  const { rows, stoppedAt } = await searchBounded<Member>(client, {
    from,
    columns: `id::text, ghost_vid, ${from === 'visitors' ? 'id' : 'visitor_id'}::text as visitor_id`,
    leading: [...leading, ...after],
    rest,
    values,
    order: 'asc',
    limit,
    scanMax,
  })
  const isFull = rows.length === limit
  return {
    members: rows,
    cursor: (isFull ? rows.at(-1)?.id : stoppedAt) ?? cursor,
    isEnd: !isFull && stoppedAt === null,
  }
}

const cancelSql = `
  with waiting as (
    select id from deliveries where operation_id = $1 and state in ('queued', 'retrying')
    order by id limit ${membersPerStepMax} for update skip locked
  ), cancelled as (
    update deliveries d set state = 'cancelled', next_attempt_at = null, sweep_at = null, finished_at = now()
    from waiting w where d.id = w.id returning d.id
  )
  update operation_items i set outcome = 'cancelled' from cancelled c
  where i.operation_id = $1 and i.delivery_id = c.id and i.outcome = 'waiting'`

/** Until the last attempt that was under way has settled: it may have made a retry due. */
async function cancelBegun(client: PoolClient, { id }: OperationRow): Promise<readonly FedDelivery[]> {
  await client.query(cancelSql, [id])
  if ((await countBegun(client, id)).waiting === 0) await finish(client, id, 'cancelled')
  return []
}
