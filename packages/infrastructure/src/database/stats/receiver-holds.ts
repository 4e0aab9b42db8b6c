import { budgetKeyOf, type LimitedReceiver } from '@ghostpost/delivery/receivers'
import type { HoldReason } from '@ghostpost/delivery/contract/system'
import type { Database } from '../connection/open-database.ts'

/** A receiver that is left alone until a time, because its circuit breaker is open or because it asked for it. */
export interface ReceiverHold {
  budget: string
  reason: HoldReason
  until: Date
}

/** The most receivers whose budgets are read in one turn: those with the most due deliveries. */
const receiversMax = 500
const dueScannedMax = 100_000
const turnMs = 1_500

/**
 * The key of a delivery's budget in SQL, as `budgetKeyOf` makes it.
 * @param delivery the table's prefix with its dot; empty for the only table
 */
export const budgetSql = (delivery: string): string => `(
        ${delivery}site_id || case
          when ${delivery}destination_id is not null then ':saved:' || ${delivery}destination_id
          else ':host:' || ${delivery}receiver_host || coalesce('#' || ${delivery}webhook_key, '')
        end
      )`

/** Joins the present hold of a delivery's receiver as `h`. */
export const joinHoldSql = (delivery: string): string =>
  `left join receiver_holds h on h.until > now() and h.budget = ${budgetSql(`${delivery}.`)}`

const takeTurnSql = `
  insert into periodic_turns as t (task, at)
  values ('receiver_holds', now())
  on conflict (task) do update set
    at = excluded.at
  where t.at < now() - interval '${turnMs} ms'`

// A delivery that has just become due is about to be sent. Its receiver matters once it waits.
const receiversOfDueSql = `
  select
    site_id as "siteId",
    destination_id as "destinationId",
    receiver_host as "receiverHost",
    webhook_key as "webhookKey"
  from (
    select
      site_id,
      destination_id,
      receiver_host,
      webhook_key
    from deliveries
    where sweep_at is not null
      and state in ('queued', 'retrying')
      and next_attempt_at < now() - interval '1 second'
    order by sweep_at
    limit ${dueScannedMax}
  ) due
  group by 1, 2, 3, 4
  order by count(*) desc
  limit ${receiversMax}`

const heldBudgetsSql = `select budget from receiver_holds limit ${receiversMax}`

const storeHoldsSql = `
  with held as (
    select *
    from unnest($1::text[], $2::text[], $3::timestamptz[]) as t(budget, reason, until)
  ), removed as (
    delete from receiver_holds
    where budget = any($4::text[])
      and budget not in (select budget from held)
  )
  insert into receiver_holds (budget, reason, until)
  select
    budget,
    reason,
    until
  from held
  order by budget
  on conflict (budget) do update set
    reason = excluded.reason,
    until = excluded.until`

/**
 * Stores which receivers of due deliveries are left alone, every two seconds, however many workers call it. The budgets
 * know it; the database needs it to tell what waits for a receiver from what waits for a worker.
 * @param readHold null for a receiver that takes requests
 */
export async function noteReceiverHolds(
  { pool }: Pick<Database, 'pool'>,
  readHold: (budget: string) => Promise<Omit<ReceiverHold, 'budget'> | null>,
): Promise<void> {
  if ((await pool.query(takeTurnSql)).rowCount === 0) return
  const { rows: receivers } = await pool.query<LimitedReceiver>(receiversOfDueSql)
  const { rows: known } = await pool.query<{ budget: string }>(heldBudgetsSql)
  const budgets = [...new Set([...receivers.map(budgetKeyOf), ...known.map(({ budget }) => budget)])]
  if (budgets.length === 0) return
  const found = await Promise.all(
    budgets.map(async (budget) => {
      const hold = await readHold(budget)
      return hold === null ? [] : [{ budget, ...hold }]
    }),
  )
  const holds = found.flat()
  await pool.query(storeHoldsSql, [
    holds.map(({ budget }) => budget),
    holds.map(({ reason }) => reason),
    holds.map(({ until }) => until),
    budgets,
  ])
}
