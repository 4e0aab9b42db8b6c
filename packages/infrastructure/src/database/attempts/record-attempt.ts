import { randomUUID } from 'node:crypto'
import type {
  AttemptRecord,
  Claim,
  DeliveryState,
  Failure,
  HttpResponse,
  RecordAttempt,
  Settlement,
} from '@ghostpost/delivery/deliver'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'

/** One attempt to record. */
interface AttemptRow {
  /** Assigns a returned row to its input: two inputs may have the same claim, and only one of them is recorded. */
  correlationId: string
  claim: Claim
  attempt: AttemptRecord
  failure: Failure | null
  response: HttpResponse | null
}

const attemptColumns: readonly RowColumn<AttemptRow>[] = [
  ['correlation_id', 'uuid', ({ correlationId }) => correlationId],
  ['id', 'uuid', ({ claim }) => claim.deliveryId],
  ['claim_id', 'uuid', ({ claim }) => claim.claimId],
  ['new_state', 'text', ({ attempt }) => attempt.next.state],
  ['number', 'int', ({ claim }) => claim.attemptNumber],
  ['delay_ms', 'float8', ({ attempt: { next } }) => (next.state === 'retrying' ? next.delayMs : 0)],
  ['cause', 'text', ({ failure }) => failure?.cause],
  ['message', 'text', ({ failure }) => failure?.message],
  ['response_status', 'int', ({ response }) => response?.status],
  ['started_at', 'timestamptz', ({ attempt }) => attempt.startedAt.toISOString()],
  ['duration_ms', 'int', ({ attempt }) => Math.round(attempt.durationMs)],
  ['outcome', 'text', ({ attempt }) => attempt.outcome.kind],
  ['decision', 'text', ({ attempt }) => attempt.verdict.decision],
  ['outcome_unknown', 'bool', ({ failure }) => failure?.outcomeUnknown ?? false],
  ['response_headers', 'jsonb', ({ response }) => response && JSON.stringify(response.headers)],
  ['response_body', 'text', ({ response }) => response?.body],
  ['response_bytes', 'int', ({ response }) => response?.bodyBytes ?? 0],
  ['response_end', 'text', ({ response }) => response?.bodyEnd],
  ['remedy', 'text', ({ failure }) => failure?.remedy],
  ['receipt', 'text', ({ attempt }) => receiptOf(attempt)],
  ['gone', 'uuid', ({ claim, attempt }) => (isReceiverGone(attempt) ? claim.destinationId : null)],
  ['operation_id', 'uuid', ({ claim }) => claim.operationId],
  ['request_headers', 'jsonb', ({ attempt: { trace } }) => trace && JSON.stringify(trace.requestHeaders)],
  ['timings', 'jsonb', ({ attempt: { trace } }) => trace && JSON.stringify(trace.timings)],
  ['request_method', 'text', ({ attempt: { trace } }) => trace?.requestMethod],
  ['request_body', 'text', ({ attempt }) => ownBodyOf(attempt)],
  ['record', 'jsonb', ({ attempt }) => recordOf(attempt)],
  ['omitted_fields', 'jsonb', ({ attempt }) => omittedOf(attempt)],
  ['because', 'text', ({ attempt: { next } }) => (next.state === 'retrying' ? next.because : null)],
]

function receiptOf({ verdict }: AttemptRecord): string | null {
  return verdict.decision === 'delivered' ? verdict.receipt : null
}

function recordOf({ verdict }: AttemptRecord): string | null {
  return verdict.decision === 'delivered' && verdict.record ? JSON.stringify(verdict.record) : null
}

function omittedOf({ omitted = [] }: AttemptRecord): string | null {
  return omitted.length === 0 ? null : JSON.stringify(omitted)
}

/** The request body where it differs from the stored payload; the payload is not stored with every attempt. */
function ownBodyOf({ trace, payload }: AttemptRecord): string | null {
  return trace && trace.requestBody !== payload ? trace.requestBody : null
}

function isReceiverGone({ verdict }: AttemptRecord): boolean {
  return verdict.decision === 'give_up' && verdict.receiverGone
}

/**
 * Writes the attempt and the delivery's new state in one statement, and only for the owner of a valid claim.
 *
 * - `counted` updates the ledger of the operation.
 * - `disabled` disables a saved destination whose receiver said that it is gone.
 * - `is_kept`: if the visitor was erased in the meantime, no personal data is stored, and `forgotten` deletes a payload
 *   that was stored at the same moment.
 */
const recordSql = `
  with settled as (
    update deliveries d
    set
      state = new_state,
      attempts = number,
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
    where d.id = w.id
      and case when d.state = 'delivering' and d.claim_expires_at > now() then d.claim_id end = w.claim_id
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
      d.erased_at is null as is_kept
  ), recorded as (
    insert into attempts (
      delivery_id,
      number,
      started_at,
      duration_ms,
      outcome,
      decision,
      outcome_unknown,
      response_status,
      response_headers,
      response_body,
      response_bytes,
      response_end,
      cause,
      message,
      remedy,
      receipt,
      request_headers,
      timings,
      request_method,
      request_body,
      record,
      omitted_fields
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
  ), counted as (
    update operation_items i
    set
      outcome = case when s.cause = 'superseded' then 'skipped' else s.new_state end,
      reason = s.cause,
      failure_after = s.failure
    from settled s
    where i.delivery_id = s.id
      and i.operation_id = s.operation_id
      and s.new_state <> 'retrying'
      and i.outcome = 'waiting'
  ), forgotten as (
    delete from payloads p
    using settled s
    where not s.is_kept
      and p.delivery_id = s.id
  ), disabled as (
    update destinations t
    set
      state = 'disabled',
      state_reason = s.message,
      updated_at = now()
    from settled s
    where t.id = s.gone
      and t.state = 'enabled'
  )
  select
    s.correlation_id,
    s.new_state as state,
    s.delivered_at,
    s.next_attempt_at,
    ${dueDeliveryColumns('s')}
  from settled s`

interface SettledRow extends DueDeliveryRow {
  correlation_id: string
  state: DeliveryState
  delivered_at: Date | null
  next_attempt_at: Date | null
}

/**
 * @param sweepAfterMs how long after a retry is due the sweeper checks whether the queue lost it
 */
export function recordAttempt(database: Database, sweepAfterMs: number): RecordAttempt {
  const write = batchStatements((attemptRows: readonly AttemptRow[]) =>
    recordAll(database, attemptRows, sweepAfterMs),
  )
  return async (claim, attempt) => {
    const { verdict, outcome } = attempt
    const row = await write({
      correlationId: randomUUID(),
      claim,
      attempt,
      failure: failureOf(verdict),
      response: outcome.kind === 'answered' ? outcome : null,
    })
    if (!row) return { kind: 'claim_lost' }
    const due = row.state === 'retrying' ? dueDeliveryOfRow(row) : null
    return { kind: 'recorded', settlement: settlementOf(claim, attempt, row), due }
  }
}

/** Locks deliveries in the order of their ids, as every statement on many deliveries does, so that none deadlocks. */
async function recordAll(
  { pool }: Database,
  attemptRows: readonly AttemptRow[],
  sweepAfterMs: number,
): Promise<(SettledRow | undefined)[]> {
  const ordered = attemptRows.toSorted((one, other) =>
    one.claim.deliveryId < other.claim.deliveryId ? -1 : 1,
  )
  const values = [sweepAfterMs, ...rowsValues(attemptColumns, ordered)]
  const { rows } = await pool.query<SettledRow>({ name: 'record-attempt', text: recordSql, values })
  const byCorrelationId = new Map(rows.map((row) => [row.correlation_id, row]))
  return attemptRows.map(({ correlationId }) => byCorrelationId.get(correlationId))
}

function failureOf(verdict: AttemptRecord['verdict']): Failure | null {
  return verdict.decision === 'delivered' ? null : verdict.failure
}

function settlementOf(claim: Claim, { verdict, outcome }: AttemptRecord, row: SettledRow): Settlement {
  const failure = failureOf(verdict)
  return {
    deliveryId: claim.deliveryId,
    state: row.state,
    attempts: row.attempts,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    error: failure && {
      code: failure.cause,
      message: failure.message,
      responseStatus: outcome.kind === 'answered' ? outcome.status : null,
    },
  }
}
