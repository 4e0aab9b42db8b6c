import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import { joinHoldSql } from '../stats/receiver-holds.ts'

/** What a delivery waits for, as the statements of the log read it. */
export interface WaitRow {
  wait_for: NonNullable<DeliverySummary['wait']>['for'] | null
  wait_until: Date | null
}

/** Tables that `waitColumns` reads beside the delivery `d` and its destination `t`. */
export const waitJoins = `
  left join operations wo on wo.id = d.operation_id
  ${joinHoldSql('d')}`

const laneSql = `case
        when d.operation_id is not null then 'bulk'
        when d.attempts = d.series_start then 'live'
        else 'retry'
      end`

/** A pause decides first: after it has ended, the receiver or the schedule may still be a reason to wait. */
export const waitColumns = `
    case
      when d.state not in ('queued', 'retrying') then null
      when t.state in ('paused', 'disabled') or wo.state = 'paused' then 'paused'
      when exists (select from lane_pauses l where l.lane = ${laneSql}) then 'paused'
      when h.until > d.next_attempt_at then 'held'
      when d.next_attempt_at > now() then 'scheduled'
      else 'due'
    end as wait_for,
    case
      when d.state not in ('queued', 'retrying') then null
      else nullif(greatest(h.until, d.next_attempt_at, now()), now())
    end as wait_until`

export function waitOf({ wait_for: waitFor, wait_until: until }: WaitRow): DeliverySummary['wait'] {
  if (waitFor === null) return null
  // Nobody knows when a pause ends.
  return { for: waitFor, until: waitFor === 'paused' ? null : (until?.toISOString() ?? null) }
}
