import type { HttpResponse, AttemptRecord, Claim, Failure } from '@ghostpost/delivery/deliver'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'

/** An attempt that is to be recorded. */
export interface AttemptRow {
  /** Tells it from another writing for the same claim, of which one counts. */
  correlationId: string
  claim: Claim
  attempt: AttemptRecord
  failure: Failure | null
  response: HttpResponse | null
}

/** What one attempt writes. */
const columns: readonly RowColumn<AttemptRow>[] = [
  ['turn', 'uuid', ({ correlationId }) => correlationId],
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
  [
    'receipt',
    'text',
    ({ attempt: { verdict } }) => (verdict.decision === 'delivered' ? verdict.receipt : null),
  ],
  ['gone', 'uuid', ({ claim, attempt }) => (isReceiverGone(attempt) ? claim.destinationId : null)],
  ['operation_id', 'uuid', ({ claim }) => claim.operationId],
  ['request_headers', 'jsonb', ({ attempt: { trace } }) => trace && JSON.stringify(trace.requestHeaders)],
  ['timings', 'jsonb', ({ attempt: { trace } }) => trace && JSON.stringify(trace.timings)],
  ['request_method', 'text', ({ attempt: { trace } }) => trace?.requestMethod],
  ['request_body', 'text', ({ attempt }) => ownBodyOf(attempt)],
  ['because', 'text', ({ attempt: { next } }) => (next.state === 'retrying' ? next.because : null)],
]

/** All writings as a table `w`, from arrays that are the statement's parameters from `$first` on. */
export function attemptRowsSql(first: number): string {
  return rowsSql(columns, 'w', first)
}

export function attemptRowsValues(rows: readonly AttemptRow[]): unknown[] {
  return rowsValues(columns, rows)
}

/** What is stored once need not be stored with every attempt. */
function ownBodyOf({ trace, payload }: AttemptRecord): string | null {
  return trace && trace.requestBody !== payload ? trace.requestBody : null
}

function isReceiverGone({ verdict }: AttemptRecord): boolean {
  return verdict.decision === 'give_up' && verdict.receiverGone
}
