import { deliveryStates, isFinished } from '@ghostpost/delivery/deliver'
import { hourSpan, minuteSpan } from '../stats/delivery-stats.ts'
import { idempotencyHours } from '../attempts/save-delivery.ts'
import { accountStatements } from './prune-account-statements.ts'
import { batch, type PruneStatement } from './prune-statement.ts'

/** The dashboard shows one day by the minute, and compares it with the day before. */
const minuteDays = 2

const finished = deliveryStates.filter((state) => isFinished(state))
const isFinishedSql = `d.state in (${finished.map((state) => `'${state}'`).join(', ')})`
const cutoff = `now() - $1 * interval '1 day'`

/**
 * Each statement reads the oldest rows of an index, one batch at a time, and skips rows that another statement has
 * locked. It locks the delivery whose state it checks, so none changes an unfinished one, or one that is being sent
 * again. `any(array(…))` makes the planner fetch the rows one by one instead of scanning the table.
 */
export const pruneStatements: readonly PruneStatement[] = [
  {
    name: 'idempotency keys',
    retentionDays: () => null,
    sql: `
      delete from idempotency_keys
      where ctid = any(array(
        select ctid
        from idempotency_keys
        where created_at < now() - interval '${idempotencyHours} hours'
        order by created_at
        limit ${batch}
        for update skip locked
      ))`,
  },
  ...accountStatements,
  {
    name: 'payloads',
    retentionDays: ({ bodies }) => bodies,
    sql: `
      delete from payloads
      where delivery_id = any(array(
        select p.delivery_id
        from payloads p
        join deliveries d on d.id = p.delivery_id
        where p.built_at < ${cutoff}
          and ${isFinishedSql}
        order by p.built_at
        limit ${batch}
        for update of p, d skip locked
      ))`,
  },
  {
    name: 'responses',
    retentionDays: ({ bodies }) => bodies,
    sql: `
      update attempts set
        response_body = null,
        response_headers = null,
        request_headers = null,
        request_body = null
      where ctid = any(array(
        select a.ctid
        from attempts a
        join deliveries d on d.id = a.delivery_id
        where a.started_at < ${cutoff}
          and (
            a.response_body is not null
            or a.response_headers is not null
            or a.request_body is not null
            or a.request_headers is not null
          )
          and ${isFinishedSql}
        order by a.started_at
        limit ${batch}
        for update of a, d skip locked
      ))`,
  },
  {
    name: 'deliveries',
    retentionDays: ({ deliveries }) => deliveries,
    // A delivery that was attempted recently stays, however long ago it was made. The last attempt is a scalar
    // subquery, not `not exists`: on a large table the planner makes `not exists` a join that reads all attempts for
    // every batch.
    sql: `
      delete from deliveries
      where id = any(array(
        select d.id
        from deliveries d
        where d.created_at < ${cutoff}
          and d.sweep_at is null
          and ${isFinishedSql}
          and coalesce(
            (select max(a.started_at) from attempts a where a.delivery_id = d.id),
            d.created_at
          ) < ${cutoff}
        order by d.created_at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'ledger lines',
    retentionDays: ({ deliveries }) => deliveries,
    sql: `
      delete from operation_items
      where ctid = any(array(
        select i.ctid
        from operations o
        join operation_items i on i.operation_id = o.id
        where o.finished_at < ${cutoff}
        limit ${batch}
        for update of i skip locked
      ))`,
  },
  {
    name: 'operations',
    retentionDays: ({ deliveries }) => deliveries,
    // Also the plans that nobody started. The statement before this one has deleted the ledger lines.
    sql: `
      delete from operations
      where id = any(array(
        select o.id
        from operations o
        where (o.finished_at < ${cutoff} or (o.state = 'planned' and o.created_at < now() - interval '1 day'))
          and not exists (select from operation_items i where i.operation_id = o.id)
        order by o.id
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'failure groups',
    retentionDays: ({ deliveries }) => deliveries,
    // The states and notes of groups that have no dead letter left.
    sql: `
      delete from failure_groups
      where ctid = any(array(
        select g.ctid
        from failure_groups g
        where g.changed_at < ${cutoff}
          and not exists (select from deliveries d where d.site_id = g.site_id and d.failure = g.fingerprint)
        order by g.changed_at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'alerts',
    retentionDays: ({ deliveries }) => deliveries,
    sql: `
      delete from alerts
      where id = any(array(
        select id
        from alerts
        where created_at < ${cutoff}
        order by created_at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'counts of e-mails',
    retentionDays: () => null,
    sql: `
      delete from email_counts
      where ctid = any(array(
        select ctid
        from email_counts
        where hour < now() - interval '1 day'
        order by hour
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'statistics by the minute',
    retentionDays: () => null,
    sql: `
      delete from delivery_stats
      where ctid = any(array(
        select ctid
        from delivery_stats
        where span = ${minuteSpan}
          and at < now() - interval '${minuteDays} days'
        order by at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'statistics by the hour',
    retentionDays: ({ deliveries }) => deliveries,
    sql: `
      delete from delivery_stats
      where ctid = any(array(
        select ctid
        from delivery_stats
        where span = ${hourSpan}
          and at < ${cutoff}
        order by at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'statistics of lanes',
    retentionDays: () => null,
    sql: `
      delete from lane_stats
      where ctid = any(array(
        select ctid
        from lane_stats
        where at < now() - interval '${minuteDays} days'
        order by at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'statistics of sites in lanes',
    retentionDays: () => null,
    sql: `
      delete from site_lane_stats
      where ctid = any(array(
        select ctid
        from site_lane_stats
        where at < now() - interval '1 hour'
        order by at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'audit entries',
    retentionDays: ({ audit }) => audit,
    sql: `
      delete from audit_log
      where id = any(array(
        select id
        from audit_log
        where at < ${cutoff}
        order by at
        limit ${batch}
        for update skip locked
      ))`,
  },
]
