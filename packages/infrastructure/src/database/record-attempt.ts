import type {
  AttemptRecord,
  Claim,
  DeliveryState,
  Finding,
  RecordAttempt,
  Settlement,
} from '@ghostpost/delivery'
import type { Database } from './open-database.ts'

// One statement: the new state and the attempt are written together, and only while the claim is ours. A receiver that
// said it is gone disables its saved destination. An operation's ledger learns what became of its member. Of a visitor
// erased meanwhile nothing is kept.
const recordSql = `
  with settled as (
    update deliveries
    set state = $3, attempts = $4, claim_id = null, claim_expires_at = null,
        next_attempt_at = case when $3 = 'retrying' then now() + $5 * interval '1 ms' end,
        sweep_at = case when $3 = 'retrying' then now() + ($5 + $6) * interval '1 ms' end,
        delivered_at = case when $3 = 'delivered' then now() end,
        finished_at = case when $3 <> 'retrying' then now() end,
        last_cause = $7, last_message = case when erased_at is null then $8 end, last_response_status = $9
    where id = $1 and claim_id = $2 and state = 'delivering'
    returning id, state, attempts, delivered_at, next_attempt_at, erased_at is null as kept
  ), written as (
    insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown,
      response_status, response_headers, response_body, response_bytes, response_end, cause, message, remedy, receipt, request_headers, timings)
    select id, attempts, $10, $11, $12, $13, $14, $9, case when kept then $15::jsonb end, case when kept then $16 end,
      $17, $18, $7, case when kept then $8 end, $19, case when kept then $20 end,
      $23::jsonb, $24::jsonb from settled
  ), counted as (
    update operation_items i set outcome = case when $7 = 'superseded' then 'skipped' else s.state end, reason = $7
    from settled s where i.delivery_id = s.id and i.operation_id = $22 and s.state <> 'retrying' and i.outcome = 'waiting'
  ), gone as (
    update destinations set state = 'disabled', state_reason = $8, updated_at = now()
    from settled where destinations.id = $21 and destinations.state = 'enabled'
  )
  select state, attempts, delivered_at, next_attempt_at from settled`

interface SettledRow {
  state: DeliveryState
  attempts: number
  delivered_at: Date | null
  next_attempt_at: Date | null
}

/**
 * @param sweepAfterMs how long after a retry is due the sweeper looks whether the queue lost it
 */
export function recordAttempt({ pool }: Database, sweepAfterMs: number): RecordAttempt {
  return async (claim, attempt) => {
    const gone =
      attempt.verdict.decision === 'give_up' && attempt.verdict.receiverGone ? claim.destinationId : null
    const values = [
      ...stateValues(claim, attempt, sweepAfterMs),
      ...attemptValues(attempt),
      gone,
      claim.operationId,
      ...traceValues(attempt),
    ]
    const { rows } = await pool.query<SettledRow>({ name: 'record-attempt', text: recordSql, values })
    const row = rows[0]
    return row ? { kind: 'recorded', settlement: settlementOf(claim, attempt, row) } : { kind: 'claim_lost' }
  }
}

function stateValues(
  claim: Claim,
  { next, verdict, outcome }: AttemptRecord,
  sweepAfterMs: number,
): unknown[] {
  const finding = findingOf(verdict)
  return [
    claim.deliveryId,
    claim.claimId,
    next.state,
    claim.attemptNumber,
    next.state === 'retrying' ? next.delayMs : 0,
    sweepAfterMs,
    finding?.cause ?? null,
    finding?.message ?? null,
    outcome.kind === 'answered' ? outcome.status : null,
  ]
}

function attemptValues({ outcome, verdict, startedAt, durationMs }: AttemptRecord): unknown[] {
  const finding = findingOf(verdict)
  const answer = outcome.kind === 'answered' ? outcome : null
  return [
    startedAt,
    Math.round(durationMs),
    outcome.kind,
    verdict.decision,
    finding?.outcomeUnknown ?? false,
    answer && JSON.stringify(answer.headers),
    answer?.body ?? null,
    answer?.bodyBytes ?? 0,
    answer?.bodyEnd ?? null,
    finding?.remedy ?? null,
    verdict.decision === 'delivered' ? verdict.receipt : null,
  ]
}

function traceValues({ trace }: AttemptRecord): unknown[] {
  return [trace ? JSON.stringify(trace.requestHeaders) : null, trace ? JSON.stringify(trace.timings) : null]
}

function findingOf(verdict: AttemptRecord['verdict']): Finding | null {
  return verdict.decision === 'delivered' ? null : verdict.finding
}

function settlementOf(claim: Claim, { verdict, outcome }: AttemptRecord, row: SettledRow): Settlement {
  const finding = findingOf(verdict)
  return {
    deliveryId: claim.deliveryId,
    state: row.state,
    attempts: row.attempts,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    error: finding && {
      code: finding.cause,
      message: finding.message,
      responseStatus: outcome.kind === 'answered' ? outcome.status : null,
    },
  }
}
