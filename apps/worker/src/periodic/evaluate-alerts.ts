import {
  evaluateAlert,
  type EvaluationResult,
  type SavedAlert,
} from '@ghostpost/infrastructure/database/alerts'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

/** Looks for rules that are due this often, however seldom each of them is. */
const pollMs = 1_000

/** Looks at the alert rules that are due, one after the other, and rings for what is to be told. */
export function evaluateAlerts(resources: Resources): PeriodicTask {
  const { database, settings, log } = resources
  const options = {
    intervalMs: settings.GHOSTPOST_ALERT_INTERVAL_MS,
    sweepAfterMs: settings.GHOSTPOST_SWEEP_AFTER_MS,
    dashboardUrl: settings.dashboardUrl,
  }
  const everyMs = Math.min(pollMs, options.intervalMs)
  return repeatEvery('looking at alert rules', everyMs, log, async (stop) => {
    while (!stop.aborted) {
      const evaluated = await evaluateAlert(database, options)
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
    log.warn(
      { event: 'alert_not_evaluated', ...ruleFields, err: evaluated.error },
      'a rule could not be looked at',
    )
    return
  }
  const { notify: phase, value, saved } = evaluated
  if (phase === null || saved === null) return
  const channels = { delivery_id: saved.delivery?.deliveryId ?? null, emails: saved.emails }
  log.info({ event: 'alert_told', ...ruleFields, phase: phase, value, ...channels }, `alert: ${phase}`)
  if (saved.delivery === null && saved.emails === 0)
    log.warn({ event: 'alert_untold', ...ruleFields }, 'an alert rule names nobody who is to be told')
}

/** It is durable: a bell that is not heard is rung again by the sweeper. */
async function enqueueNotification({ queue, events }: Resources, { delivery }: SavedAlert): Promise<void> {
  if (delivery === null) return
  await queue.enqueue(delivery)
  events.publishDelivery(delivery, 'queued')
}
