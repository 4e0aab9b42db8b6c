import type { AlertText } from '../destinations/destination.ts'
import { destinationTypes, type WebhookType } from '../destinations/registry.ts'
import { alertTraits } from './alert-rule.ts'
import { formatCause, type AlertMessage } from './format-alert.ts'

/** The visitor id of an alert's delivery in the log. No visitor has it. */
export const alertVid = 'gv_ghostpost_alert'

/**
 * The body of an alert's delivery, in the format of the destination type.
 * @param at the time of the evaluation
 */
export function alertPayload(type: WebhookType, message: AlertMessage, at: Date): object {
  return destinationTypes[type].buildAlert?.(alertTextOf(message), at) ?? genericPayload(message, at)
}

function alertTextOf({ phase, headline, summary, causes, link, rule }: AlertMessage): AlertText {
  return { phase, headline, summary, causes: causes.map(formatCause), link, siteName: rule.siteName }
}

/** JSON for programs. Its `type` distinguishes it from a visitor's profile, which has none. */
function genericPayload(message: AlertMessage, at: Date): object {
  const { phase, rule, headline, summary, value, window, link } = message
  return {
    type: 'ghostpost.alert',
    phase,
    headline,
    summary,
    rule: { id: rule.id, name: rule.name, kind: rule.kind },
    site: { id: rule.siteId, name: rule.siteName },
    value,
    threshold: alertTraits[rule.kind].threshold === null ? null : rule.threshold,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    causes: message.causes,
    link,
    found_at: at.toISOString(),
  }
}
