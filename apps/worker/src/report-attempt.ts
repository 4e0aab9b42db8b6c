import type { BudgetedResult } from '@ghostpost/delivery'
import type { Logger } from '@ghostpost/infrastructure'

/** One wide log event per attempt, with all an operator asks for and no secret. */
export function reportAttempt(log: Logger, deliveryId: string, result: BudgetedResult): void {
  if (result.kind === 'claim_lost') {
    log.warn(
      { event: 'claim_lost', delivery_id: deliveryId, outcome: result.outcome },
      'this worker came late and another took over; nothing it did is recorded',
    )
  }
  if (result.kind !== 'settled') return
  const { claim, attempt, settlement } = result
  const { verdict, outcome } = attempt
  const finding = verdict.decision === 'delivered' ? null : verdict.finding
  log.info(
    {
      event: 'delivery_attempted',
      delivery_id: deliveryId,
      site_id: claim.siteId,
      webhook_type: claim.webhookType,
      destination_id: claim.destinationId,
      receiver_host: claim.receiverHost,
      attempt: claim.attemptNumber,
      outcome: outcome.kind,
      response_status: outcome.kind === 'answered' ? outcome.status : null,
      decision: verdict.decision,
      cause: finding?.cause ?? null,
      outcome_unknown: finding?.outcomeUnknown ?? false,
      duration_ms: Math.round(attempt.durationMs),
      state: settlement.state,
      next_attempt_at: settlement.nextAttemptAt,
    },
    `attempt ${claim.attemptNumber}: ${settlement.state}`,
  )
}
