import {
  scheduleFor,
  type AttemptRecord,
  type AttemptSettings,
  type BudgetedResult,
  type ClaimedDelivery,
  type ExchangeTrace,
} from '@ghostpost/delivery/deliver'
import { laneOfAttempt, type Logger } from '@ghostpost/infrastructure/telemetry'

/** Logs one wide event per attempt: everything that operators search for, and no secret. */
export function logAttempt(
  log: Logger,
  deliveryId: string,
  result: BudgetedResult,
  { retryScheduleMs }: Pick<AttemptSettings, 'retryScheduleMs'>,
): void {
  if (result.kind === 'claim_lost') {
    log.warn(
      { event: 'claim_lost', delivery_id: deliveryId, outcome: result.outcome },
      'another worker recorded this attempt as interrupted; the late result of this worker is not recorded',
    )
  }
  if (result.kind !== 'settled') return
  const { claim, attempt, settlement } = result
  log.info(
    {
      event: 'delivery_attempted',
      ...subjectFields(claim),
      attempt: claim.attemptNumber,
      attempt_in_series: claim.attemptNumber - claim.seriesStart,
      attempts_max: attemptsMaxOf(claim, retryScheduleMs),
      waited_ms: Math.round(claim.dueForMs),
      ...verdictFields(attempt),
      duration_ms: Math.round(attempt.durationMs),
      ...(attempt.trace && exchangeFields(attempt.trace)),
      state: settlement.state,
      next_attempt_at: settlement.nextAttemptAt,
    },
    `attempt ${claim.attemptNumber}: ${settlement.state}`,
  )
}

function attemptsMaxOf(
  { webhookType, retryScheduleMs: ownScheduleMs }: ClaimedDelivery,
  installationScheduleMs: readonly number[],
): number {
  return scheduleFor({ webhookType, ownScheduleMs }, installationScheduleMs).length
}

function subjectFields(claim: ClaimedDelivery): object {
  return {
    delivery_id: claim.deliveryId,
    request_id: claim.requestId,
    operation_id: claim.operationId,
    site_id: claim.siteId,
    webhook_type: claim.webhookType,
    destination_id: claim.destinationId,
    receiver_host: claim.receiverHost,
    lane: laneOfAttempt(claim),
  }
}

function verdictFields({ verdict, outcome }: AttemptRecord): object {
  const failure = verdict.decision === 'delivered' ? null : verdict.failure
  return {
    outcome: outcome.kind,
    response_status: outcome.kind === 'answered' ? outcome.status : null,
    response_bytes: outcome.kind === 'answered' ? outcome.bodyBytes : 0,
    decision: verdict.decision,
    cause: failure?.cause ?? null,
    outcome_unknown: failure?.outcomeUnknown ?? false,
  }
}

/** The fields of the last exchange of an attempt. */
function exchangeFields({ requestBytes, timings }: ExchangeTrace): object {
  return {
    request_bytes: requestBytes,
    reused_connection: timings.reusedConnection,
    dns_ms: roundToTenth(timings.dnsMs),
    connect_ms: roundToTenth(timings.connectMs),
    tls_ms: roundToTenth(timings.tlsMs),
    first_byte_ms: roundToTenth(timings.firstByteMs),
  }
}

function roundToTenth(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10
}
