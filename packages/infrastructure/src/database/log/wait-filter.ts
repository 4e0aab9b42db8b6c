import { budgetSql } from '../stats/receiver-holds.ts'

/** Conditions on unfinished deliveries by what they wait for. They name columns of `deliveries` without a prefix. */

export const laneSql = `case
      when operation_id is not null then 'bulk'
      when attempts = series_start then 'live'
      else 'retry'
    end`

const isPaused = `(
      exists (select from destinations t where t.id = destination_id and t.state <> 'enabled')
      or exists (select from operations o where o.id = operation_id and o.state = 'paused')
      or exists (select from lane_pauses l where l.lane = ${laneSql})
    )`

const isHeld = `exists (
      select
      from receiver_holds h
      where h.until > greatest(now(), next_attempt_at)
        and h.budget = ${budgetSql('')}
    )`

/** The same decisions as in `waitColumns`. */
export const waitConditions: Readonly<Record<string, string>> = {
  paused: isPaused,
  held: `${isHeld} and not ${isPaused}`,
  scheduled: `next_attempt_at > now() and not ${isHeld} and not ${isPaused}`,
  due: `next_attempt_at <= now() and not ${isHeld} and not ${isPaused}`,
}
