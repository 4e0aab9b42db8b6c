import type { Answered, AttemptRecord, Claim, Finding } from '@ghostpost/delivery/deliver'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'

/** An attempt that is to be recorded. */
export interface Writing {
  /** Tells it from another writing for the same claim, of which one counts. */
  turn: string
  claim: Claim
  attempt: AttemptRecord
  finding: Finding | null
  answer: Answered | null
}

/** What one attempt writes. */
const columns: readonly RowColumn<Writing>[] = [
  ['turn', 'uuid', ({ turn }) => turn],
  ['id', 'uuid', ({ claim }) => claim.deliveryId],
  ['claim_id', 'uuid', ({ claim }) => claim.claimId],
  ['new_state', 'text', ({ attempt }) => attempt.next.state],
  ['number', 'int', ({ claim }) => claim.attemptNumber],
  ['delay_ms', 'float8', ({ attempt: { next } }) => (next.state === 'retrying' ? next.delayMs : 0)],
  ['cause', 'text', ({ finding }) => finding?.cause],
  ['message', 'text', ({ finding }) => finding?.message],
  ['response_status', 'int', ({ answer }) => answer?.status],
  ['started_at', 'timestamptz', ({ attempt }) => attempt.startedAt.toISOString()],
  ['duration_ms', 'int', ({ attempt }) => Math.round(attempt.durationMs)],
  ['outcome', 'text', ({ attempt }) => attempt.outcome.kind],
  ['decision', 'text', ({ attempt }) => attempt.verdict.decision],
  ['outcome_unknown', 'bool', ({ finding }) => finding?.outcomeUnknown ?? false],
  ['response_headers', 'jsonb', ({ answer }) => answer && JSON.stringify(answer.headers)],
  ['response_body', 'text', ({ answer }) => answer?.body],
  ['response_bytes', 'int', ({ answer }) => answer?.bodyBytes ?? 0],
  ['response_end', 'text', ({ answer }) => answer?.bodyEnd],
  ['remedy', 'text', ({ finding }) => finding?.remedy],
  [
    'receipt',
    'text',
    ({ attempt: { verdict } }) => (verdict.decision === 'delivered' ? verdict.receipt : null),
  ],
  ['gone', 'uuid', ({ claim, attempt }) => (saysGone(attempt) ? claim.destinationId : null)],
  ['operation_id', 'uuid', ({ claim }) => claim.operationId],
  ['request_headers', 'jsonb', ({ attempt: { trace } }) => trace && JSON.stringify(trace.requestHeaders)],
  ['timings', 'jsonb', ({ attempt: { trace } }) => trace && JSON.stringify(trace.timings)],
  ['request_method', 'text', ({ attempt: { trace } }) => trace?.requestMethod],
  ['request_body', 'text', ({ attempt }) => ownBodyOf(attempt)],
  ['because', 'text', ({ attempt: { next } }) => (next.state === 'retrying' ? next.because : null)],
]

/** All writings as a table `w`, from arrays that are the statement's parameters from `$first` on. */
export function writingsSql(first: number): string {
  return rowsSql(columns, 'w', first)
}

export function writingsValues(writings: readonly Writing[]): unknown[] {
  return rowsValues(columns, writings)
}

/** What is stored once need not be stored with every attempt. */
function ownBodyOf({ trace, payload }: AttemptRecord): string | null {
  return trace && trace.requestBody !== payload ? trace.requestBody : null
}

function saysGone({ verdict }: AttemptRecord): boolean {
  return verdict.decision === 'give_up' && verdict.receiverGone
}
