export { reExportRefusal, resendRefusal, type ReplayableDelivery, type ReplayRefusal } from './may-resend.ts'
export {
  membersPerSecondMax,
  hasCanaryPassed,
  startableMembers,
  membersPerStepMax,
  creditAfter,
} from './operation-pace.ts'
export { timeToDrain, type DrainEstimate } from './time-to-drain.ts'
