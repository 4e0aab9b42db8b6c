export { recordEmail, claimEmail, type DueEmail } from './alert-emails.ts'
export {
  countAlertRules,
  createAlertRule,
  deleteAlertRule,
  findAlertRule,
  listAlertRules,
  updateAlertRule,
  type AlertRuleInput,
  type FoundAlertRule,
  type NewAlertRule,
} from './alert-rules.ts'
export { evaluateAlert, type EvaluationResult } from './evaluate-alert.ts'
export type { SavedAlert } from './save-alert.ts'
export { saveTestAlert } from './save-test-alert.ts'
