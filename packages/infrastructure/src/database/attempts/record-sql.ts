import { boundedBy, byKey } from '../connection/look-ups.ts'
import { opaqueParameter, rowsSql } from '../connection/row-arrays.ts'
import { attemptColumns } from './attempt-row.ts'
import { dueDeliveryColumns } from './due-delivery.ts'

/**
 * The statements that write attempts and their deliveries' new states. `$1` is how long after a retry is due the
 * sweeper checks it, in milliseconds; then one array for each of `attemptColumns`.
 *
 * - `counted` updates the ledger of the operation.
 * - `disabled` disables a saved destination whose receiver said that it is gone.
 * - `is_kept`: if the visitor was erased in the meantime, no personal data is stored, and `forgotten` deletes a payload
 *   that was stored at the same moment.
 * - `boundedBy`, `case`, `offset 0`: every table is looked up by its key, whatever the planner knows of it
 *   ([decision 19](docs/decisions/0019-batched-statements.md)).
 */

/** The columns of an attempt beside its delivery and number. */
const outcomeColumns = [
  'started_at',
  'duration_ms',
  'outcome',
  'decision',
  'outcome_unknown',
  'response_status',
  'response_headers',
  'response_body',
  'response_bytes',
  'response_end',
  'response_fault',
  'cause',
  'message',
  'remedy',
  'receipt',
  'request_headers',
  'timings',
  'request_method',
  'request_body',
  'record',
  'omitted_fields',
]

const correctedColumns = outcomeColumns.map((column) => `${column} = excluded.${column}`).join(',\n      ')

interface RecordParts {
  /** A table expression that `settled` reads, and its name. */
  first?: { sql: string; name: string }
  /** Which deliveries `d` take which attempt rows `w`. */
  condition: string
  /** What happens when the attempt is recorded already. */
  onConflict?: string
  /** Which outcomes in the ledger the new state replaces, as a condition. */
  ledger: string
  /** SQL after `settled`. */
  after?: string
}

function composeRecordSql(parts: RecordParts): string {
  return `${settledSql(parts)}${recordedSql(parts)}${effectsSql(parts)}
  select
    s.correlation_id,
    s.new_state as state,
    s.delivered_at,
    s.next_attempt_at,
    ${dueDeliveryColumns('s')}
  from settled s`
}

/** The deliveries' new states. */
function settledSql({ first, condition }: RecordParts): string {
  return `
  with ${first ? `${first.name} as materialized (${first.sql}), ` : ''}settled as (
    update deliveries d
    set
      state = new_state,
      attempts = w.number,
      claim_id = null,
      claim_expires_at = null,
      next_attempt_at = case when new_state = 'retrying' then now() + delay_ms * interval '1 ms' end,
      sweep_at = case when new_state = 'retrying' then now() + (delay_ms + $1) * interval '1 ms' end,
      delivered_at = case when new_state = 'delivered' then now() end,
      finished_at = case when new_state <> 'retrying' then now() end,
      next_attempt_because = because,
      last_cause = cause,
      last_message = case when erased_at is null then message end,
      last_response_status = response_status
    from ${rowsSql(attemptColumns, 'w', 2)}
    ${first ? `cross join ${first.name}` : ''}
    where d.id = w.id
      and d.id = any((${opaqueParameter('$3::uuid[]')})::uuid[])
      and ${condition}
    returning
      w.*,
      d.site_id,
      d.webhook_type,
      d.destination_id,
      d.receiver_host,
      d.webhook_key,
      d.attempts,
      d.series_start,
      d.failure,
      d.delivered_at,
      d.next_attempt_at,
      d.erased_at is null as is_kept`
}

/** The attempts. */
function recordedSql({ onConflict = '' }: RecordParts): string {
  return `
  ), recorded as (
    insert into attempts (
      delivery_id,
      number,
      ${outcomeColumns.join(',\n      ')}
    )
    select
      id,
      number,
      started_at,
      duration_ms,
      outcome,
      decision,
      outcome_unknown,
      response_status,
      case when is_kept then response_headers end,
      case when is_kept then response_body end,
      response_bytes,
      response_end,
      response_fault,
      cause,
      case when is_kept then message end,
      remedy,
      case when is_kept then receipt end,
      request_headers,
      timings,
      request_method,
      case when is_kept then request_body end,
      case when is_kept then record end,
      case when is_kept then omitted_fields end
    from settled
    ${onConflict}`
}

/** What follows from the new states elsewhere. */
function effectsSql({ ledger, after = '' }: RecordParts): string {
  return `
  ), counted as (
    update operation_items i
    set
      outcome = case when s.cause in ('superseded', 'unchanged') then 'skipped' else s.new_state end,
      reason = s.cause,
      failure_after = s.failure
    from settled s
    where i.delivery_id = s.id
      and ${boundedBy('i.delivery_id', "select id from settled where new_state <> 'retrying'")}
      and case when i.operation_id = s.operation_id then i.outcome end ${ledger}
  ), forgotten as (
    delete from payloads
    where ${boundedBy('delivery_id', 'select id from settled where not is_kept')}
  ), disabled as (
    update destinations t
    set
      state = 'disabled',
      state_reason = s.message,
      updated_at = now()
    from settled s
    where t.id = s.gone
      and ${boundedBy('t.id', 'select gone from settled')}
      and t.state = 'enabled'
  )${after}`
}

/**
 * The claim is the attempt's own. Its owner may record after it has expired; `interrupted` is what others record, and
 * only then.
 */
const ownsClaim = `case
        when d.state = 'delivering' and (outcome <> 'interrupted' or d.claim_expires_at <= now()) then d.claim_id
      end = w.claim_id`

const waits = `= 'waiting'`

/**
 * How long a batch waits for a locked row, in milliseconds. The other attempts of the batch wait with it; after that
 * they are written by `recordUnlockedSql`.
 */
const lockTimeoutMs = 250

/** Records attempts of claims that nobody else recorded or released. Fails when a row stays locked. */
export const recordSql = composeRecordSql({
  first: {
    name: 'limited',
    sql: `select set_config('lock_timeout', '${lockTimeoutMs}', true) as lock_timeout`,
  },
  condition: `limited.lock_timeout is not null
      and ${ownsClaim}`,
  ledger: waits,
})

/** The same, without the rows that another transaction has locked. */
export const recordUnlockedSql = composeRecordSql({
  first: {
    name: 'unlocked',
    sql: `
    select array_agg(id) as ids
    from (
      select id
      from deliveries
      where id = any((${opaqueParameter('$3::uuid[]')})::uuid[])
      for update skip locked
    ) rows`,
  },
  condition: `d.id = any(unlocked.ids)
      and ${ownsClaim}`,
  ledger: waits,
})

/** Which of the attempts may still be recorded: their rows are locked, or were a moment ago. */
export const stillClaimedSql = `
  select w.correlation_id
  from ${rowsSql(attemptColumns, 'w', 1)}
  cross join lateral (
    select
      state,
      claim_id,
      claim_expires_at
    from deliveries
    ${byKey('id', 'w.id')}
  ) d
  where ${ownsClaim}`

/**
 * Which of the attempts are recorded already: same number, same outcome, begun in the same millisecond and as long.
 * Only the write of the same worker has written that; its reply was lost. `next_attempt_at` is null if the delivery has
 * moved on since.
 */
export const findRecordedSql = `
  select
    w.correlation_id,
    w.new_state as state,
    case
      when w.new_state = 'delivered' then
        coalesce(d.delivered_at, a.started_at + a.duration_ms * interval '1 ms')
    end as delivered_at,
    case when d.state = 'retrying' and d.attempts = w.number then d.next_attempt_at end as next_attempt_at,
    ${dueDeliveryColumns('d')}
  from ${rowsSql(attemptColumns, 'w', 1)}
  cross join lateral (
    select
      outcome,
      started_at,
      duration_ms
    from attempts
    where delivery_id = w.id
      and number = w.number
    offset 0
  ) a
  cross join lateral (
    select *
    from deliveries
    ${byKey('id', 'w.id')}
  ) d
  where a.outcome = w.outcome
    and a.started_at = w.started_at
    and a.duration_ms = w.duration_ms`

/**
 * A known outcome replaces the record of its own attempt as interrupted, unless somebody has sent the delivery again or
 * is about to: its state is still the one that the interruption left. The ledger of an operation that has ended is
 * corrected, too, and counted again. A delivery whose operation counts it as failed does not wait again.
 */
export const correctSql = composeRecordSql({
  condition: `d.attempts = w.number
      and d.claim_id is null
      and (
        d.state = 'retrying'
        or (d.state = 'failed' and (new_state <> 'retrying' or d.operation_id is null))
      )
      and not outcome_unknown
      and (select a.outcome from attempts a where a.delivery_id = w.id and a.number = w.number) = 'interrupted'`,
  onConflict: `on conflict (delivery_id, number) do update set ${correctedColumns}`,
  ledger: `in ('waiting', 'failed')`,
  after: `, recounted as (
    update operations o
    set tally = null
    from settled s
    where o.id = s.operation_id
      and ${boundedBy('o.id', 'select operation_id from settled')}
      and o.tally is not null
  )`,
})
