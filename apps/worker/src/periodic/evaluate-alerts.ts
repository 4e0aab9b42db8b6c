import type { SavedAlert } from '@ghostpost/delivery/alerts'
import { evaluateDueAlert, type EvaluationResult } from '@ghostpost/infrastructure/database/alerts'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

/** How often the worker looks for due rules. */
const pollMs = 1_000

/** Evaluates the due alert rules, one after the other, and enqueues the notifications. */
export function evaluateAlerts(resources: Resources): PeriodicTask {
  const { database, settings, log } = resources
  const options = {
    intervalMs: settings.GHOSTPOST_ALERT_INTERVAL_MS,
    sweepAfterMs: settings.GHOSTPOST_SWEEP_AFTER_MS,
    dashboardUrl: settings.dashboardUrl,
  }
  const everyMs = Math.min(pollMs, options.intervalMs)
  return repeatEvery('evaluating alert rules', everyMs, log, async (stop) => {
    while (!stop.aborted) {
      const evaluated = await evaluateDueAlert(database, options)
      if (evaluated === null) return
      logEvaluation(resources, evaluated)
      if (evaluated.kind === 'evaluated' && evaluated.saved !== null)
        await enqueueNotification(resources, evaluated.saved)
    }
  })
}

function logEvaluation({ log }: Resources, evaluated: EvaluationResult): void {
  const { rule } = evaluated
  const ruleFields = { rule_id: rule.id, site_id: rule.siteId, kind: rule.kind }
  if (evaluated.kind === 'failed') {
    const fields = { event: 'alert_not_evaluated', ...ruleFields, err: evaluated.error }
    log.warn(fields, 'alert rule evaluation failed')
    return
  }
  const { notify: phase, value, saved } = evaluated
  if (phase === null || saved === null) return
  const channels = { delivery_id: saved.delivery?.deliveryId ?? null, emails: saved.emails }
  log.info({ event: 'alert_notified', ...ruleFields, phase, value, ...channels }, `alert: ${phase}`)
  if (saved.delivery === null && saved.emails === 0)
    log.warn({ event: 'alert_without_recipients', ...ruleFields }, 'alert rule has no recipients')
}

/** A lost job is harmless: the sweeper enqueues the stored delivery again. */
async function enqueueNotification({ queue, events }: Resources, { delivery }: SavedAlert): Promise<void> {
  if (delivery === null) return
  await queue.enqueue(delivery)
  events.publishDelivery(delivery, 'queued')
}
