import type { AlertRule } from '@ghostpost/delivery/alerts'
import { lowestIdAt } from '../log/delivery-id.ts'
import { budgetSql } from '../stats/receiver-holds.ts'

/** The deliveries that count for a rule, as SQL: a `with` clause whose last table is `counted`. */
export interface CountedSql {
  sql: string
  values: readonly unknown[]
}

/** A failure rate covers no more deliveries than this: the newest of its window. */
export const rateScanMax = 20_000
export const countedMax = 100_000

/** Tests and alerts do not count: an alert that cannot be delivered must not cause the next alert. */
const isExport = 'not sample and alert_rule_id is null'

const isFailing = `(
        state = 'failed'
        or (state in ('retrying', 'delivering') and last_cause is not null)
      )`

const columns = `
        id,
        state,
        last_cause,
        webhook_type,
        destination_id,
        receiver_host,
        next_attempt_at,
        sample,
        alert_rule_id`

/** The highest value of GHOSTPOST_SWEEP_AFTER_MS: `sweep_at` of a due delivery lies no further in the future. */
const sweepAfterMsMax = 3_600_000

const holdSql = `(
          select h.reason
          from receiver_holds h
          where h.until > now()
            and h.budget = ${budgetSql('d.')}
        )`

// A delivery of a paused destination or operation waits on purpose.
const isOverdue = `sweep_at <= now() + interval '${sweepAfterMsMax} ms'
        and state in ('queued', 'retrying')
        and next_attempt_at <= now()
        and not exists (
          select
          from destinations t
          where t.id = d.destination_id
            and t.state <> 'enabled'
        )
        and not exists (
          select
          from operations o
          where o.id = d.operation_id
            and o.state = 'paused'
        )`

// What waits for its receiver waits for no worker: the queue is not to blame.
const isDue = `${isOverdue}
        and ${holdSql} is null`

type DeliveryKind = 'failure_rate' | 'dead_letters' | 'queue_age' | 'not_draining'

/** The due deliveries that a rule does not count, because they wait for their receivers; the table is `held`. */
export function heldDeliveries({ siteId, webhookType, watchedDestinationId }: AlertRule): CountedSql {
  const sql = `
    with held as (
      select
        d.receiver_host,
        d.destination_id,
        ${holdSql} as reason
      from deliveries d
      where site_id = $1
        and ${isOverdue}
        and ${holdSql} is not null
        and ${isExport}
        and ($2::text is null or webhook_type = $2)
        and ($3::uuid is null or destination_id = $3)
      limit ${countedMax}
    )`
  return { sql, values: [siteId, webhookType, watchedDestinationId] }
}

/** @param from start of the window; `queue_age` and `not_draining` ignore it */
export function countedDeliveries(kind: DeliveryKind, rule: AlertRule, from: Date): CountedSql {
  const values: unknown[] = [rule.siteId]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const { webhookType, watchedDestinationId } = rule
  const isOfType = webhookType === null ? 'true' : `webhook_type = ${bind(webhookType)}`
  const isForDestination =
    watchedDestinationId === null ? 'true' : `destination_id = ${bind(watchedDestinationId)}::uuid`
  if (kind === 'failure_rate') {
    // The scan ignores the type, so that a rare type costs no more rows.
    const sql = `
    with scanned as (
      select ${columns}
      from deliveries
      where site_id = $1
        and ${isForDestination}
        and id >= ${bind(lowestIdAt(from))}::uuid
      order by id desc
      limit ${rateScanMax}
    ), counted as (
      select
        *,
        ${isFailing} as fails
      from scanned
      where ${isExport}
        and ${isOfType}
        and (state = 'delivered' or ${isFailing})
    )`
    return { sql, values }
  }
  const condition =
    kind === 'dead_letters'
      ? `failure is not null
        and recovered_by is null
        and finished_at > ${bind(from)}`
      : isDue
  const sql = `
    with counted as (
      select ${columns},
        true as fails
      from deliveries d
      where site_id = $1
        and ${condition}
        and ${isExport}
        and ${isOfType}
        and ${isForDestination}
      limit ${countedMax}
    )`
  return { sql, values }
}
