import type { OperationView } from '@ghostpost/delivery/contract/operations'
import type { PoolClient } from 'pg'
import type { Operation } from '../generated/client.ts'
import type { Database } from '../connection/open-database.ts'

/** What became of an operation's members. Kept with it once it has ended: then the ledger changes no more. */
export interface Tally {
  outcomes: Partial<Record<MemberOutcome, number>>
  /** By reason. */
  skips: Record<string, number>
  /** Of those that failed, by the failure group they came into; the ones with the most. */
  failedInto: { failure: string; count: number }[]
}

type MemberOutcome = Exclude<keyof OperationView['counts'], 'matched' | 'changed'>

const groupsMax = 20
/** While it runs, no more of the failed are looked at than this. */
const failedMax = 10_000

/** Counts the whole ledger. */
export function tallyOperation(client: PoolClient, id: string): Promise<Tally> {
  const outcomes =
    'select outcome, count(*)::int as count from operation_items where operation_id = $1 group by 1'
  return readTally(client, id, outcomes, Number.MAX_SAFE_INTEGER)
}

// What was delivered is nearly all of it, and is not counted: it is what is left of the lines written.
const currentOutcomesSql = `
  with others as (
    select outcome, count(*)::int as count from operation_items
    where operation_id = $1 and outcome in ('waiting', 'failed', 'skipped', 'cancelled') group by 1
  )
  select * from others
  union all
  select 'delivered', (select fed from operations where id = $1) - coalesce((select sum(count) from others), 0)::int`

/** As things stand: at once for an operation that has ended, and cheaply for one that runs. */
export function tallyOf({ pool }: Pick<Database, 'pool'>, { id, tally }: Operation): Promise<Tally> {
  return tally === null
    ? readTally(pool, id, currentOutcomesSql, failedMax)
    : Promise.resolve(tally as unknown as Tally)
}

async function readTally(
  connection: PoolClient | Database['pool'],
  id: string,
  outcomesSql: string,
  failedLimit: number,
): Promise<Tally> {
  const outcomes = await connection.query<{ outcome: MemberOutcome; count: number }>(outcomesSql, [id])
  const skips = await connection.query<{ reason: string; count: number }>(
    `select reason, count(*)::int as count from operation_items
     where operation_id = $1 and outcome = 'skipped' and reason is not null group by 1 order by 2 desc`,
    [id],
  )
  const failedInto = await connection.query<{ failure: string; count: number }>(
    `select failure_after as failure, count(*)::int as count
     from (select failure_after from operation_items where operation_id = $1 and outcome = 'failed' limit $2) failed
     where failure_after is not null group by 1 order by 2 desc limit ${groupsMax}`,
    [id, failedLimit],
  )
  return {
    outcomes: Object.fromEntries(outcomes.rows.map(({ outcome, count }) => [outcome, count])),
    skips: Object.fromEntries(skips.rows.map(({ reason, count }) => [reason, count])),
    failedInto: failedInto.rows,
  }
}
