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
export { decideAlert, type AlertRuleState } from './decide-alert.ts'
export { emailBounds, emailsBoundedError, testBounds, type EmailBound } from './email-bounds.ts'
export { evaluateAlert, testAlert, type EvaluatedAlert } from './evaluate-alert.ts'
export { causesShownMax, formatAlert, type AlertMessageInput } from './format-alert.ts'
export { judgeAlert } from './judge-alert.ts'
export type {
  AlertCause,
  AlertWindow,
  Backlog,
  BacklogSample,
  DisabledDestination,
  HeldReceiver,
  Measurement,
} from './measurement.ts'
export type {
  AlertPorts,
  AlertTarget,
  EvaluatedState,
  EvaluationPorts,
  NewAlert,
  SavedAlert,
  WatchedRule,
} from './ports.ts'
