import type { AttemptRecord, ClaimedDelivery, Failure, HttpResponse } from '@ghostpost/delivery/deliver'
import type { RowColumn } from '../connection/row-arrays.ts'

const integerMax = 2 ** 31 - 1

/** One attempt to record. */
export interface AttemptRow {
  /** Assigns a returned row to its input: two inputs may have the same claim, and only one of them is recorded. */
  correlationId: string
  claim: ClaimedDelivery
  attempt: AttemptRecord
  failure: Failure | null
  response: HttpResponse | null
}

export const attemptColumns: readonly RowColumn<AttemptRow>[] = [
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
  ['duration_ms', 'int', ({ attempt }) => Math.min(Math.round(attempt.durationMs), integerMax)],
  ['outcome', 'text', ({ attempt }) => attempt.outcome.kind],
  ['decision', 'text', ({ attempt }) => attempt.verdict.decision],
  ['outcome_unknown', 'bool', ({ failure }) => failure?.outcomeUnknown ?? false],
  ['response_headers', 'jsonb', ({ response }) => response && JSON.stringify(response.headers)],
  ['response_body', 'text', ({ response }) => response?.body],
  ['response_bytes', 'int', ({ response }) => response?.bodyBytes ?? 0],
  ['response_end', 'text', ({ response }) => response?.bodyEnd],
  ['response_fault', 'text', ({ response }) => response?.fault],
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

/** The row without any text of the receiver, for a database that refuses one of them. */
export function withoutTexts(row: AttemptRow): AttemptRow {
  const { trace: _trace, ...attempt } = row.attempt
  const response = row.response && { ...row.response, headers: {}, body: '' }
  const verdict =
    attempt.verdict.decision === 'delivered' ? { ...attempt.verdict, receipt: null } : attempt.verdict
  return { ...row, attempt: { ...attempt, verdict }, response }
}
