import type { OperationProgress } from '@ghostpost/delivery/operations'
import type { PoolClient } from 'pg'
import type { Database } from '../connection/open-database.ts'
import type { Operation } from '../generated/client.ts'

/** The outcomes of an operation's members. The operation stores it when it ends: its ledger no longer changes. */
export interface Tally {
  outcomes: OperationProgress['outcomes']
  /** Skipped members by reason. */
  skips: Record<string, number>
  /** Failed members by the failure group they are in. The groups with the most members come first. */
  failedInto: { failure: string; count: number }[]
}

const groupsMax = 20
/** While an operation runs, the tally groups no more failed members than this. */
const failedMax = 10_000

const countOutcomesSql = `
  select
    outcome,
    count(*)::int as count
  from operation_items
  where operation_id = $1
  group by 1`

// Most members end as delivered. Their number is what remains of the ledger, so that no statement counts them.
const estimateOutcomesSql = `
  with others as (
    select
      outcome,
      count(*)::int as count
    from operation_items
    where operation_id = $1
      and outcome in ('waiting', 'failed', 'skipped', 'cancelled')
    group by 1
  )
  select
    outcome,
    count
  from others
  union all
  select
    'delivered',
    (select fed from operations where id = $1) - coalesce((select sum(count) from others), 0)::int`

const countSkipsSql = `
  select
    reason,
    count(*)::int as count
  from operation_items
  where operation_id = $1
    and outcome = 'skipped'
    and reason is not null
  group by 1
  order by 2 desc`

const countFailureGroupsSql = `
  select
    failure_after as failure,
    count(*)::int as count
  from (
    select failure_after
    from operation_items
    where operation_id = $1
      and outcome = 'failed'
    limit $2
  ) failed
  where failure_after is not null
  group by 1
  order by 2 desc
  limit ${groupsMax}`

/** Counts the whole ledger. */
export function tallyOperation(client: PoolClient, id: string): Promise<Tally> {
  return readTally(client, id, countOutcomesSql, Number.MAX_SAFE_INTEGER)
}

/** The stored tally of an operation that has ended; the current one of an operation that runs, in bounded time. */
export function tallyOf({ pool }: Pick<Database, 'pool'>, { id, tally }: Operation): Promise<Tally> {
  return tally === null
    ? readTally(pool, id, estimateOutcomesSql, failedMax)
    : Promise.resolve(tally as unknown as Tally)
}

async function readTally(
  connection: PoolClient | Database['pool'],
  id: string,
  outcomesSql: string,
  failedLimit: number,
): Promise<Tally> {
  const outcomes = await connection.query<{ outcome: string; count: number }>(outcomesSql, [id])
  const skips = await connection.query<{ reason: string; count: number }>(countSkipsSql, [id])
  const failedInto = await connection.query<{ failure: string; count: number }>(countFailureGroupsSql, [
    id,
    failedLimit,
  ])
  return {
    outcomes: Object.fromEntries(outcomes.rows.map(({ outcome, count }) => [outcome, count])),
    skips: Object.fromEntries(skips.rows.map(({ reason, count }) => [reason, count])),
    failedInto: failedInto.rows,
  }
}
