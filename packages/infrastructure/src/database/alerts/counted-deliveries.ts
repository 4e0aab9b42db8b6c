import type { AlertRule } from '@ghostpost/delivery/alerts'
import { lowestIdAt } from '../log/delivery-id.ts'

/** The deliveries that count for a rule, as SQL: a `with` part that ends in a table `counted`. */
export interface CountedSql {
  sql: string
  values: readonly unknown[]
}

/** More deliveries than this are not looked at; for a rate the newest of the window are enough. */
export const rateScanMax = 20_000
export const countedMax = 100_000

/** Neither tests nor alerts count: an alert that cannot be told must not be the reason for the next one. */
const isExport = 'not sample and alert_rule_id is null'

const failed = `state = 'failed' or (state in ('retrying', 'delivering') and last_cause is not null)`
const columns =
  'id, state, last_cause, webhook_type, destination_id, receiver_host, next_attempt_at, sample, alert_rule_id'

/** The longest GHOSTPOST_SWEEP_AFTER_MS there is: whatever is due, the sweeper looks for it no later than this. */
const sweepLagMaxMs = 3_600_000

// What somebody holds back waits as it should.
const due = `sweep_at <= now() + interval '${sweepLagMaxMs} ms' and state in ('queued', 'retrying') and next_attempt_at <= now()
  and not exists (select from destinations t where t.id = d.destination_id and t.state <> 'enabled')
  and not exists (select from operations o where o.id = d.operation_id and o.state = 'paused')`

type DeliveryKind = 'failure_rate' | 'dead_letters' | 'queue_age' | 'not_draining'

/**
 * @param from where the window begins; not looked at for what is due now
 */
export function countedDeliveries(kind: DeliveryKind, rule: AlertRule, from: Date): CountedSql {
  const values: unknown[] = [rule.siteId]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const type = rule.webhookType === null ? '' : ` and webhook_type = ${bind(rule.webhookType)}`
  const to =
    rule.watchedDestinationId === null ? '' : ` and destination_id = ${bind(rule.watchedDestinationId)}::uuid`
  if (kind === 'failure_rate') {
    // Looked at newest first, whatever their type: so no rate costs more than so many rows.
    const scanned = `select ${columns} from deliveries where site_id = $1${to} and id >= ${bind(lowestIdAt(from))}::uuid`
    return {
      sql: `with seen as (${scanned} order by id desc limit ${rateScanMax}),
        counted as (select *, ${failed} as fails from seen where ${isExport}${type} and (state = 'delivered' or ${failed}))`,
      values,
    }
  }
  const condition = kind === 'dead_letters' ? `failure is not null and finished_at > ${bind(from)}` : due
  return {
    sql: `with counted as (
      select ${columns}, true as fails from deliveries d where site_id = $1 and ${condition} and ${isExport}${type}${to} limit ${countedMax})`,
    values,
  }
}
