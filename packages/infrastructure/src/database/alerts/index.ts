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
export { evaluateDueAlert, saveTestAlert, type EvaluationResult } from './evaluate-alert.ts'
