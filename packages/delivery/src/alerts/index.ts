export { alertEmail, nextEmailDelayMs, type EmailOutcome } from './alert-email.ts'
export { alertLink } from './alert-link.ts'
export { alertPayload, alertVid } from './alert-payload.ts'
export {
  alertDestinationTypes,
  readAlertLimits,
  type AlertKind,
  type AlertLimits,
  type AlertRule,
  type GivenLimits,
} from './alert-rule.ts'
export { decideAlert, type AlertDecision, type AlertStanding } from './decide-alert.ts'
export { judgeAlert, type AlertFinding } from './judge-alert.ts'
export type {
  AlertCause,
  AlertWindow,
  Backlog,
  BacklogSample,
  DisabledDestination,
  Measurement,
} from './measurement.ts'
export { causesToldMax, tellAlert, type AlertMessage, type AlertToTell } from './tell-alert.ts'
