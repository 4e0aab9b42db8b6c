import { randomUUID } from 'node:crypto'
import type {
  AttemptRecord,
  Claim,
  DeliveryState,
  Failure,
  RecordAttempt,
  Settlement,
} from '@ghostpost/delivery/deliver'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import { attemptRowsSql, attemptRowsValues, type AttemptRow } from './attempt-rows.ts'

// One statement: the new state and the attempt are written together, and only while the claim is ours and has not run out. A receiver that
// said it is gone disables its saved destination. An operation's ledger learns what became of its member. Of a visitor
// erased meanwhile nothing is kept, not even bytes that were being stored in that very moment.
const recordSql = `
  with settled as (
    update deliveries d
    set state = new_state, attempts = number, claim_id = null, claim_expires_at = null,
        next_attempt_at = case when new_state = 'retrying' then now() + delay_ms * interval '1 ms' end,
        sweep_at = case when new_state = 'retrying' then now() + (delay_ms + $1) * interval '1 ms' end,
        delivered_at = case when new_state = 'delivered' then now() end,
        finished_at = case when new_state <> 'retrying' then now() end,
        next_attempt_because = because, last_cause = cause, last_message = case when erased_at is null then message end, last_response_status = response_status
    from ${attemptRowsSql(2)}
    where d.id = w.id and case when d.state = 'delivering' and d.claim_expires_at > now() then d.claim_id end = w.claim_id
    returning w.*, d.failure, d.delivered_at, d.next_attempt_at, d.erased_at is null as kept
  ), written as (
    insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown,
      response_status, response_headers, response_body, response_bytes, response_end, cause, message, remedy, receipt, request_headers, timings, request_method, request_body)
    select id, number, started_at, duration_ms, outcome, decision, outcome_unknown,
      response_status, case when kept then response_headers end, case when kept then response_body end, response_bytes, response_end,
      cause, case when kept then message end, remedy, case when kept then receipt end, request_headers, timings, request_method,
      case when kept then request_body end from settled
  ), counted as (
    update operation_items i set outcome = case when s.cause = 'superseded' then 'skipped' else s.new_state end, reason = s.cause,
      failure_after = s.failure
    from settled s
    where i.delivery_id = s.id and i.operation_id = s.operation_id and s.new_state <> 'retrying' and i.outcome = 'waiting'
  ), forgotten as (
    delete from payloads p using settled s where not s.kept and p.delivery_id = s.id
  ), disabled as (
    update destinations t set state = 'disabled', state_reason = s.message, updated_at = now()
    from settled s where t.id = s.gone and t.state = 'enabled'
  )
  select turn, new_state as state, number as attempts, delivered_at, next_attempt_at from settled`

interface SettledRow {
  turn: string
  state: DeliveryState
  attempts: number
  delivered_at: Date | null
  next_attempt_at: Date | null
}

/**
 * @param sweepAfterMs how long after a retry is due the sweeper looks whether the queue lost it
 */
export function recordAttempt(database: Database, sweepAfterMs: number): RecordAttempt {
  const write = batchStatements((attemptRows: readonly AttemptRow[]) =>
    recordAll(database, attemptRows, sweepAfterMs),
  )
  return async (claim, attempt) => {
    const { verdict, outcome } = attempt
    const response = outcome.kind === 'answered' ? outcome : null
    const row = await write({
      correlationId: randomUUID(),
      claim,
      attempt,
      failure: failureOf(verdict),
      response,
    })
    return row ? { kind: 'recorded', settlement: settlementOf(claim, attempt, row) } : { kind: 'claim_lost' }
  }
}

/** In the order of ids, in which all who lock many deliveries lock them, so that none waits for the other. */
async function recordAll(
  { pool }: Database,
  attemptRows: readonly AttemptRow[],
  sweepAfterMs: number,
): Promise<(SettledRow | undefined)[]> {
  const ordered = attemptRows.toSorted((one, other) =>
    one.claim.deliveryId < other.claim.deliveryId ? -1 : 1,
  )
  const values = [sweepAfterMs, ...attemptRowsValues(ordered)]
  const { rows } = await pool.query<SettledRow>({ name: 'record-attempt', text: recordSql, values })
  const byCorrelationId = new Map(rows.map((row) => [row.turn, row]))
  return attemptRows.map(({ correlationId: turn }) => byCorrelationId.get(turn))
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
