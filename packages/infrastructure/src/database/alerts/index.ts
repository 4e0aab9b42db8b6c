export { recordEmail, takeEmail, type DueEmail } from './alert-emails.ts'
export {
  countAlertRules,
  createAlertRule,
  deleteAlertRule,
  findAlertRule,
  listAlertRules,
  updateAlertRule,
  type AlertRuleWish,
  type FoundAlertRule,
  type NewAlertRule,
} from './alert-rules.ts'
export { evaluateAlert, type Evaluated } from './evaluate-alert.ts'
export type { SavedAlert } from './save-alert.ts'
export { saveTestAlert } from './test-alert.ts'
