import { laneOf } from '@ghostpost/delivery/deliver'
import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import { evaluateAlert, type Evaluated, type SavedAlert } from '@ghostpost/infrastructure/database/alerts'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type Repeating } from './repeat-every.ts'

/** Looks for rules that are due this often, however seldom each of them is. */
const lookEveryMs = 1_000

/** Looks at the alert rules that are due, one after the other, and rings for what is to be told. */
export function evaluateAlerts(resources: Resources): Repeating {
  const { database, settings, log } = resources
  const options = {
    intervalMs: settings.GHOSTPOST_ALERT_INTERVAL_MS,
    sweepAfterMs: settings.GHOSTPOST_SWEEP_AFTER_MS,
    dashboardUrl: settings.dashboardUrl,
  }
  const everyMs = Math.min(lookEveryMs, options.intervalMs)
  return repeatEvery('looking at alert rules', everyMs, log, async (stop) => {
    while (!stop.aborted) {
      const evaluated = await evaluateAlert(database, options)
      if (evaluated === null) return
      report(resources, evaluated)
      if (evaluated.kind === 'evaluated' && evaluated.saved !== null) await ring(resources, evaluated.saved)
    }
  })
}

function report({ log }: Resources, evaluated: Evaluated): void {
  const { rule } = evaluated
  const about = { rule_id: rule.id, site_id: rule.siteId, kind: rule.kind }
  if (evaluated.kind === 'failed') {
    log.warn(
      { event: 'alert_not_evaluated', ...about, err: evaluated.error },
      'a rule could not be looked at',
    )
    return
  }
  const { tell, value, saved } = evaluated
  if (tell === null || saved === null) return
  const how = { delivery_id: saved.delivery?.deliveryId ?? null, emails: saved.emails }
  log.info({ event: 'alert_told', ...about, phase: tell, value, ...how }, `alert: ${tell}`)
  if (saved.delivery === null && saved.emails === 0)
    log.warn({ event: 'alert_untold', ...about }, 'an alert rule names nobody who is to be told')
}

/** It is durable: a bell that is not heard is rung again by the sweeper. */
async function ring({ queue, events }: Resources, { delivery }: SavedAlert): Promise<void> {
  if (delivery === null) return
  const { deliveryId, siteId, webhookType, destinationId, receiverHost } = delivery
  const budget = budgetKeyOf(delivery)
  await queue.enqueue({ deliveryId, siteId, attemptsMade: 0, lane: laneOf(0), delayMs: 0, budget })
  events.tellDelivery(siteId, {
    delivery_id: deliveryId,
    status: 'queued',
    attempts: 0,
    webhook_type: webhookType,
    destination_id: destinationId,
    receiver: receiverHost,
    cause: null,
    operation_id: null,
  })
}
