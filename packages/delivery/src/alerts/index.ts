export { alertEmail, nextEmailDelayMs, type EmailOutcome } from './alert-email.ts'
export { alertLink } from './alert-link.ts'
export { alertPayload, alertVid } from './alert-payload.ts'
export {
  alertDestinationTypes,
  readAlertLimits,
  type AlertKind,
  type AlertLimits,
  type AlertRule,
  type AlertLimitsInput,
} from './alert-rule.ts'
export { decideAlert, type AlertDecision, type AlertRuleState } from './decide-alert.ts'
export { judgeAlert, type AlertEvaluation } from './judge-alert.ts'
export type {
  AlertCause,
  AlertWindow,
  Backlog,
  BacklogSample,
  DisabledDestination,
  Measurement,
} from './measurement.ts'
export { causesShownMax, formatAlert, type AlertMessage, type AlertMessageInput } from './format-alert.ts'
